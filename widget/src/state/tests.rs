use super::*;
use crate::progress::Progress;

fn begin() -> State {
    reduce(State::new(Form::default(), ""), Action::Ready).0
}

fn after(actions: impl IntoIterator<Item = Action>) -> (State, Vec<Effect>) {
    from(begin(), actions)
}

fn from(state: State, actions: impl IntoIterator<Item = Action>) -> (State, Vec<Effect>) {
    actions
        .into_iter()
        .fold((state, vec![]), |(state, mut effects), action| {
            let (state, more) = reduce(state, action);
            effects.extend(more);
            (state, effects)
        })
}

fn answer(at: usize, words: &str) -> Action {
    Action::Answer(at, words.to_owned())
}

fn text(words: &str) -> Action {
    answer(TEXT, words)
}

fn rejected(code: &str) -> Progress {
    Progress::Rejected {
        code: code.to_owned(),
        message: "No.".to_owned(),
    }
}

fn accepted() -> Progress {
    Progress::Accepted {
        receipt: "rcp_x".to_owned(),
    }
}

/// News of the first piece of feedback.
fn told(progress: Progress) -> Action {
    Action::Told(0, progress)
}

fn sent() -> [Action; 3] {
    [Action::Show, text("It broke"), Action::Send]
}

fn sends(effects: &[Effect]) -> usize {
    effects
        .iter()
        .filter(|effect| matches!(effect, Effect::Send(..)))
        .count()
}

fn focus(selector: &str, always: bool) -> Effect {
    Effect::Focus(selector.to_owned(), always)
}

/// Places of the questions in the form of every project.
const KIND: usize = 0;
const TEXT: usize = 1;
const RATING: usize = 2;
const EMAIL: usize = 3;

const OFFLINE: Progress = Progress::Waiting(Reason::Offline);
const SERVER: Progress = Progress::Waiting(Reason::Server);
const DURABLE: Progress = Progress::Kept { durable: true };
const FIRST: &str = "[name=qa]:checked,[name=qb]";

#[test]
fn showing_the_panel_moves_the_focus_into_it() {
    let (state, effects) = after([Action::Show]);
    assert!(state.open);
    assert_eq!(
        effects,
        [Effect::OpenDialog, Effect::LookAround, focus(FIRST, true)]
    );
}

#[test]
fn nothing_is_shown_before_its_words_are_there_and_then_at_once() {
    let (state, effects) = from(State::new(Form::default(), ""), [Action::Show]);
    assert_eq!(effects, []);
    assert_eq!(reduce(state.clone(), Action::Ready).1[0], Effect::OpenDialog);
    let (_, effects) = from(state, [Action::Hide, Action::Ready]);
    assert_eq!(
        effects,
        [Effect::CloseDialog],
        "hidden meanwhile, it stays hidden"
    );
}

#[test]
fn showing_a_panel_that_is_shown_changes_nothing() {
    assert_eq!(after([Action::Show, Action::Show]), after([Action::Show]));
}

#[test]
fn everything_the_visitor_said_is_sent() {
    let words = [
        Action::Show,
        answer(KIND, "praise"),
        text("Lovely"),
        answer(RATING, "5"),
        answer(EMAIL, "ada@example.org"),
        Action::Send,
    ];
    let said = "kind\x1fpraise\x1etext\x1fLovely\x1f\x1erating\x1f5\x1fnumber\x1econtact.email\x1fada@example.org\x1f";
    let (_, effects) = after(words);
    assert_eq!(
        effects.last(),
        Some(&Effect::Send(0, said.to_owned(), String::new()))
    );
}

#[test]
fn sending_twice_sends_once() {
    let (state, effects) = after(
        sent()
            .into_iter()
            .chain([Action::Send, told(DURABLE), Action::Send]),
    );
    assert_eq!(sends(&effects), 1);
    assert_eq!(state.phase, Phase::Sending);
}

#[test]
fn nothing_is_sent_without_words_and_the_focus_goes_to_the_text() {
    let (state, effects) = after([Action::Show, text("  "), Action::Send]);
    assert_eq!(state.problems, [(TEXT, Problem::TextEmpty)]);
    assert_eq!(sends(&effects), 0);
    assert_eq!(effects.last(), Some(&focus("[name=qb]", true)));
}

#[test]
fn a_wrong_address_takes_the_focus_and_stands_until_it_is_changed() {
    let (state, effects) = after([
        Action::Show,
        text("It broke"),
        answer(EMAIL, "ada@"),
        Action::Send,
    ]);
    assert_eq!(effects.last(), Some(&focus("[name=qd]", true)));
    let (state, _) = reduce(state, text("It broke again"));
    assert_eq!(state.problems, [(EMAIL, Problem::EmailInvalid)]);
    let (state, _) = reduce(state, answer(EMAIL, "ada@example.org"));
    assert_eq!(state.problems, []);
}

#[test]
fn thanks_are_said_only_after_the_server_has_acknowledged() {
    let phases =
        [DURABLE, OFFLINE, SERVER, accepted()]
            .into_iter()
            .scan(after(sent()).0, |state, progress| {
                *state = reduce(std::mem::take(state), told(progress)).0;
                Some(state.phase)
            });
    let expected = [
        Phase::Sending,
        Phase::Waiting(Reason::Offline),
        Phase::Waiting(Reason::Server),
        Phase::Arrived,
    ];
    assert_eq!(phases.collect::<Vec<_>>(), expected);
}

#[test]
fn what_is_kept_in_memory_only_is_not_called_durable() {
    let memory = told(Progress::Kept { durable: false });
    assert!(!after(sent().into_iter().chain([memory, told(OFFLINE)])).0.durable);
    assert!(
        !after(sent().into_iter().chain([told(OFFLINE)])).0.durable,
        "nothing is promised before the loader says so"
    );
    assert!(
        after(sent().into_iter().chain([told(DURABLE), told(OFFLINE)]))
            .0
            .durable
    );
}

#[test]
fn the_focus_moves_once_when_the_form_makes_way_and_not_again() {
    let (state, effects) = after(sent().into_iter().chain([told(DURABLE), told(OFFLINE)]));
    assert_eq!(effects.last(), Some(&focus("h2", false)));
    let (state, effects) = reduce(state, told(SERVER));
    assert_eq!(effects, []);
    assert_eq!(reduce(state, told(accepted())).1, [Effect::Keep(String::new())]);
}

#[test]
fn a_rejection_brings_the_form_back_with_the_words_in_it() {
    let (state, effects) = after(
        sent()
            .into_iter()
            .chain([told(OFFLINE), told(rejected("nul_character"))]),
    );
    assert_eq!(state.phase, Phase::Writing);
    assert_eq!(state.values[TEXT], "It broke");
    assert_eq!(state.notice, Some(Notice::Refused("No.".to_owned())));
    assert!(effects.contains(&focus("[name=qb]", false)));
    assert_eq!(
        effects.last(),
        Some(&Effect::Keep("text\x1fIt broke\x1ekind\x1fbug".to_owned()))
    );
}

#[test]
fn a_rejection_that_is_about_an_answer_is_told_there() {
    let (state, effects) = after(sent().into_iter().chain([told(rejected("email_invalid"))]));
    assert_eq!(state.problems, [(EMAIL, Problem::EmailInvalid)]);
    assert_eq!(state.notice, None);
    assert!(effects.contains(&focus("[name=qd]", false)));
    let (state, _) = after(sent().into_iter().chain([told(rejected("too_old"))]));
    assert_eq!(state.notice, Some(Notice::PageTooOld));
}

#[test]
fn a_loader_that_fails_leaves_the_words_in_the_form() {
    let (state, _) = after(sent().into_iter().chain([Action::NotTaken]));
    assert_eq!(
        (state.phase, state.notice),
        (Phase::Writing, Some(Notice::NotTaken))
    );
    assert_eq!(state.values[TEXT], "It broke");
}

#[test]
fn what_is_typed_while_it_is_sent_does_not_change_it() {
    let (state, _) = after(
        sent()
            .into_iter()
            .chain([text("Something else"), answer(RATING, "1")]),
    );
    assert_eq!(state.values, ["bug", "It broke", "", ""]);
}

#[test]
fn the_draft_survives_closing_and_showing() {
    for closing in [Action::Closed, Action::Hide] {
        let (state, _) = after([Action::Show, text("It br"), closing, Action::Show]);
        assert_eq!(state.values[TEXT], "It br");
    }
}

#[test]
fn every_edit_is_kept_over_a_reload_until_the_queue_holds_it() {
    let (_, effects) = after([Action::Show, text("It br")]);
    let Some(Effect::Keep(draft)) = effects.last() else {
        panic!("it is kept")
    };
    assert_eq!(State::new(Form::default(), draft).values[TEXT], "It br");
    let kept = after(sent().into_iter().chain([told(DURABLE)])).1;
    assert_eq!(kept.last(), Some(&Effect::Keep(String::new())));
    let memory = told(Progress::Kept { durable: false });
    let kept = after(sent().into_iter().chain([memory])).1;
    assert!(
        matches!(kept.last(), Some(Effect::Send(..))),
        "a reload would lose it"
    );
}

#[test]
fn the_loader_is_told_once_when_the_visitor_closes_and_never_when_it_hid_the_panel_itself() {
    let (_, effects) = after([Action::Show, Action::Close, Action::Closed, Action::Closed]);
    assert_eq!(effects[3..], [Effect::CloseDialog, Effect::TellClosed]);
    let (_, effects) = after([Action::Show, Action::Hide, Action::Closed]);
    assert_eq!(effects[3..], [Effect::CloseDialog]);
}

#[test]
fn news_for_a_closed_panel_leave_the_focus_in_the_page() {
    let (state, _) = after(sent().into_iter().chain([told(DURABLE), Action::Closed]));
    for news in [OFFLINE, accepted(), rejected("text_too_long")] {
        let (_, effects) = reduce(state.clone(), told(news));
        assert!(!effects.iter().any(|effect| matches!(effect, Effect::Focus(..))));
    }
}

#[test]
fn thanks_that_came_while_the_panel_was_closed_are_shown_at_the_next_showing() {
    let (state, effects) = after(
        sent()
            .into_iter()
            .chain([Action::Closed, told(accepted()), Action::Show]),
    );
    assert_eq!((state.phase, state.receipt.as_str()), (Phase::Arrived, "rcp_x"));
    assert_eq!(effects.last(), Some(&focus("h2", true)));
}

#[test]
fn after_thanks_were_seen_the_form_is_empty_but_for_the_address() {
    for last in [Action::Another, Action::Closed, Action::Hide] {
        let (state, _) = after([
            Action::Show,
            text("It broke"),
            answer(EMAIL, "ada@example.org"),
            Action::Send,
            told(accepted()),
            last,
        ]);
        assert_eq!(state.phase, Phase::Writing);
        assert_eq!(state.values, ["bug", "", "", "ada@example.org"]);
    }
}

#[test]
fn another_can_be_begun_while_one_waits_and_each_hears_its_own_news() {
    let (state, effects) = after(sent().into_iter().chain([
        told(OFFLINE),
        Action::Another,
        text("And this"),
        Action::Send,
        told(accepted()),
    ]));
    assert_eq!(sends(&effects), 2);
    assert_eq!(
        state.phase,
        Phase::Sending,
        "the first one's thanks are not the second's"
    );
    let (state, _) = reduce(state, Action::Told(1, accepted()));
    assert_eq!(state.phase, Phase::Arrived);
    assert_eq!(state.earlier, []);
}

#[test]
fn what_was_refused_later_comes_back_or_is_at_least_told() {
    let (begun, _) = after(sent().into_iter().chain([told(SERVER), Action::Another]));
    let (state, _) = reduce(begun.clone(), told(rejected("x")));
    assert_eq!(state.values[TEXT], "It broke");
    assert_eq!(state.notice, Some(Notice::Refused("No.".to_owned())));
    let (state, _) = from(begun, [text("And this"), told(rejected("x"))]);
    assert_eq!(state.values[TEXT], "And this");
    assert_eq!(state.notice, Some(Notice::RefusedEarlier("No.".to_owned())));
}

#[test]
fn taking_the_rating_back_keeps_the_focus_near() {
    let (state, effects) = after([Action::Show, answer(RATING, "2"), answer(RATING, "")]);
    assert_eq!(state.values[RATING], "");
    assert_eq!(effects.last(), Some(&focus("[name=qc]", true)));
}

#[test]
fn several_choices_are_kept_in_the_order_of_the_form() {
    let form = Form::read(
        "modal\x1fnone\x1foff\x1fI agree\x1ftrue\x1fbug\x1esizes\x1fSizes\x1fchoices\x1f\x1f\x1fS\x1fM\x1fL",
    );
    let (state, _) = from(
        State::new(form, ""),
        [answer(2, "L"), answer(2, "S"), answer(2, "M")],
    );
    assert_eq!(state.values[2], "S\nM\nL");
    let (state, _) = from(state, [answer(2, "M"), answer(3, "on")]);
    assert_eq!(state.values[2..], ["S\nL", "on"]);
    assert_eq!(reduce(state, answer(3, "on")).0.values[3], "");
}

fn about() -> Action {
    let all = [
        vec!["https://shop.example/"],
        vec!["390 × 844"],
        vec![""],
        vec!["3 click button Pay"],
        vec!["plan: pro"],
    ];
    Action::About(
        all.map(|says| says.into_iter().map(str::to_owned).collect())
            .to_vec(),
    )
}

#[test]
fn what_is_switched_off_is_left_out() {
    let (state, effects) = after([
        Action::Show,
        about(),
        Action::Part(1),
        Action::Part(3),
        Action::Part(3),
        text("It broke"),
        Action::Send,
    ]);
    assert!(
        state.offers(0) && !state.offers(2),
        "nothing is asked about what is not there"
    );
    let Some(Effect::Send(_, _, left_out)) = effects.last() else {
        panic!("it is sent")
    };
    assert_eq!(left_out, "screen ");
}

#[test]
fn where_the_project_wants_no_context_only_what_the_page_adds_goes_along() {
    let form = Form::read("modal\x1fstars\x1foff\x1f\x1ffalse\x1fbug");
    let (state, _) = from(State::new(form, ""), [about()]);
    let offered: Vec<_> = (0..PARTS.len()).filter(|part| state.offers(*part)).collect();
    assert_eq!(offered, [4]);
    assert_eq!(state.left_out(), "url screen release breadcrumbs ");
}

#[test]
fn the_preview_follows_what_is_written_while_it_is_open() {
    let previews = |effects: &[Effect]| {
        effects
            .iter()
            .filter(|effect| matches!(effect, Effect::Preview(..)))
            .count()
    };
    let (_, effects) = after([Action::Show, text("It broke"), Action::Part(0)]);
    assert_eq!(previews(&effects), 0, "most visitors never look");
    let open = [Action::Preview(true), text("It broke"), Action::Part(0)];
    let (state, effects) = after(open);
    assert_eq!(previews(&effects), 3);
    assert_eq!(
        effects.last(),
        Some(&Effect::Preview(
            "kind\x1fbug\x1etext\x1fIt broke\x1f".to_owned(),
            "url ".to_owned()
        ))
    );
    let shown = vec![["kind", "bug"].map(str::to_owned).to_vec()];
    let (state, _) = reduce(state, Action::Previewed(shown.clone()));
    assert_eq!(state.preview, Preview::Shown(shown));
    let (state, effects) = from(state, [Action::Preview(false), text("x")]);
    assert_eq!((state.preview, previews(&effects)), (Preview::Closed, 0));
}

#[test]
fn a_preview_that_does_not_come_says_so() {
    let nothing = Action::Previewed(vec![vec![String::new()]]);
    let (state, _) = after([Action::Preview(true), nothing]);
    assert_eq!(state.preview, Preview::Failed);
}

#[test]
fn the_receipt_goes_to_the_clipboard_and_says_so() {
    let (state, effects) = after(sent().into_iter().chain([told(accepted()), Action::Copy]));
    assert_eq!(effects.last(), Some(&Effect::Copy("rcp_x".to_owned())));
    assert!(reduce(state, Action::Copied).0.copied);
}

#[test]
fn controls_are_understood_by_name() {
    let by = |name: &str, value: &str| Action::by(name, value.to_owned());
    assert_eq!(by("qm", "M"), Some(answer(12, "M")));
    assert_eq!(by("clear", "c"), Some(answer(2, "")));
    assert_eq!(by("part", "d"), Some(Action::Part(3)));
    assert_eq!(by("hb-preview", "open"), Some(Action::Preview(true)));
    assert_eq!(by("hb-preview", ""), Some(Action::Preview(false)));
    assert_eq!(by("email", "x"), None);
    assert_eq!(by("qxy", "x"), None);
    assert_eq!(after([answer(99, "x"), Action::Part(99)]).0, begin());
}

fn picture(how: &str) -> Action {
    Action::Picture(how.to_owned())
}

#[test]
fn pictures_are_added_while_the_form_is_being_written_and_not_later() {
    let (state, effects) = after([Action::Show, picture("page")]);
    assert_eq!(effects.last(), Some(&Effect::Picture("page".to_owned())));
    let (state, _) = from(state, [text("It broke"), Action::Send]);
    assert_eq!(from(state, [picture("page")]).1, []);
}

#[test]
fn an_open_preview_shows_what_was_added_and_a_closed_one_stays_closed() {
    let (state, effects) = after([Action::Show, Action::Pictured]);
    assert!(!effects.iter().any(|effect| matches!(effect, Effect::Preview(..))));
    let (_, effects) = from(state, [Action::Preview(true), Action::Pictured]);
    let looks = effects
        .iter()
        .filter(|effect| matches!(effect, Effect::Preview(..)));
    assert_eq!(looks.count(), 2);
}

#[test]
fn a_picture_that_was_not_uploaded_brings_the_form_back_until_something_is_done_about_it() {
    let (state, _) = after(sent());
    let (state, _) = from(state, [told(rejected("picture"))]);
    assert_eq!(
        (state.phase, &state.notice),
        (Phase::Writing, &Some(Notice::PictureNotSent))
    );
    assert_eq!(state.values[TEXT], "It broke");
    let (state, _) = from(state, [Action::Pictured]);
    assert_eq!(state.notice, None);
}
