use super::*;

fn form() -> Form {
    Form::read(
        "modal\x1fstars\x1foptional\x1fYou may quote me\x1ftrue\x1fbug,idea\
         \x1esizes\x1fWhich sizes?\x1fchoices\x1frequired\x1fbug\x1fS\x1fM\x1fL\
         \x1eease\x1fHow easy was it?\x1frating\x1frequired\x1f",
    )
}

/// Kind, text, rating, sizes, ease, e-mail, tick.
fn values(given: [&str; 7]) -> Vec<String> {
    given.map(str::to_owned).to_vec()
}

#[test]
fn every_missing_answer_is_told_at_its_question() {
    let problems = form().check(&values(["bug", " \n", "", "", "", "ada@", ""]));
    let expected = [
        (1, Problem::TextEmpty),
        (3, Problem::Unanswered),
        (4, Problem::Unrated),
        (5, Problem::EmailInvalid),
        (6, Problem::Unticked),
    ];
    assert_eq!(problems, expected);
}

#[test]
fn what_is_not_asked_for_this_kind_is_neither_missed_nor_sent() {
    let given = values(["idea", "Tins", "", "S", "4", "", "on"]);
    assert_eq!(form().check(&given), []);
    let said = form().said(&given);
    assert_eq!(
        said,
        "kind\x1fidea\x1etext\x1fTins\x1f\x1eanswers.ease\x1f4\x1fnumber"
    );
}

#[test]
fn space_around_the_words_and_the_address_is_not_sent() {
    let form = Form::default();
    let given: Vec<_> = ["bug", "  It broke \n", "", " ada@example.org "]
        .map(str::to_owned)
        .to_vec();
    assert_eq!(form.check(&given), []);
    assert_eq!(
        form.said(&given),
        "kind\x1fbug\x1etext\x1fIt broke\x1f\x1econtact.email\x1fada@example.org\x1f"
    );
}

#[test]
fn characters_are_counted_and_not_bytes() {
    assert_eq!(characters_left(&"ü".repeat(TEXT_CHARS)), 0);
    let long = values(["idea", &"ü".repeat(TEXT_CHARS + 1), "", "", "4", "", "on"]);
    assert_eq!(form().check(&long), [(1, Problem::TextTooLong)]);
}

#[test]
fn a_required_address_has_to_be_there() {
    let form = Form::read("modal\x1fnone\x1frequired\x1f\x1ftrue\x1fbug");
    let given = ["bug", "It broke", ""].map(str::to_owned);
    assert_eq!(form.check(&given), [(2, Problem::EmailInvalid)]);
}

#[test]
fn a_draft_comes_back_without_what_was_agreed_to() {
    let given = values(["idea", "Tins", "3", "S\nL", "4", "ada@", "on"]);
    let mut expected = given.clone();
    expected[6].clear();
    assert_eq!(form().restored(&form().draft(&given)), expected);
}

#[test]
fn a_draft_of_nothing_is_not_kept() {
    assert_eq!(form().draft(&values(["idea", "", "", "", "", "", "on"])), "");
    assert_eq!(form().restored(""), form().empty());
}

#[test]
fn what_no_longer_fits_the_form_is_left_out_of_a_draft() {
    let other =
        Form::read("modal\x1fnone\x1foff\x1f\x1ftrue\x1fpraise\x1esizes\x1fSizes\x1fchoices\x1f\x1f\x1fS");
    let draft = form().draft(&values(["bug", "Tins", "3", "S\nL", "", "", ""]));
    assert_eq!(other.restored(&draft), ["praise", "Tins", ""]);
}
