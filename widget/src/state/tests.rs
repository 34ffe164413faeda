use super::*;

fn after(actions: impl IntoIterator<Item = Action>) -> (State, Vec<Effect>) {
    actions
        .into_iter()
        .fold((State::default(), vec![]), |(state, mut effects), action| {
            let (state, more) = reduce(state, action);
            effects.extend(more);
            (state, effects)
        })
}

fn text(words: &str) -> Action {
    Action::Text(words.to_owned())
}

fn rejected(code: &str) -> Action {
    Action::Told(Progress::Rejected {
        code: code.to_owned(),
        message: "No.".to_owned(),
    })
}

fn sent() -> [Action; 3] {
    [Action::Show, text("It broke"), Action::Send]
}

fn sends(effects: &[Effect]) -> usize {
    effects
        .iter()
        .filter(|effect| matches!(effect, Effect::Send(_)))
        .count()
}

const OFFLINE: Action = Action::Told(Progress::Waiting(Reason::Offline));
const SERVER: Action = Action::Told(Progress::Waiting(Reason::Server));
const ACCEPTED: Action = Action::Told(Progress::Accepted);
const DURABLE: Action = Action::Told(Progress::Kept { durable: true });

#[test]
fn showing_the_panel_moves_the_focus_into_it() {
    let (state, effects) = after([Action::Show]);
    assert!(state.open);
    assert_eq!(effects, [Effect::OpenDialog, Effect::Focus(Spot::Kind)]);
}

#[test]
fn showing_a_panel_that_is_shown_changes_nothing() {
    assert_eq!(after([Action::Show, Action::Show]), after([Action::Show]));
}

#[test]
fn everything_the_visitor_said_is_sent() {
    let words = [
        Action::Show,
        Action::Kind(FeedbackKind::Praise),
        text("Lovely"),
        Action::Rating(Some(5)),
        Action::Email("ada@example.org".to_owned()),
        Action::Send,
    ];
    let (_, effects) = after(words);
    let Some(Effect::Send(feedback)) = effects.last() else {
        panic!("it is sent")
    };
    assert_eq!(
        (feedback.kind, feedback.text.as_str(), feedback.rating),
        (FeedbackKind::Praise, "Lovely", Some(5))
    );
    assert_eq!(
        feedback.contact.as_ref().expect("an address was given").email,
        "ada@example.org"
    );
}

#[test]
fn sending_twice_sends_once() {
    let (state, effects) = after(sent().into_iter().chain([Action::Send, DURABLE, Action::Send]));
    assert_eq!(sends(&effects), 1);
    assert_eq!(state.phase, Phase::Sending);
}

#[test]
fn nothing_is_sent_without_words_and_the_focus_goes_to_the_text() {
    let (state, effects) = after([Action::Show, text("  "), Action::Send]);
    assert_eq!(state.problem, Some(Problem::TextEmpty));
    assert_eq!(sends(&effects), 0);
    assert_eq!(effects.last(), Some(&Effect::Focus(Spot::Text)));
}

#[test]
fn a_wrong_address_takes_the_focus_and_stands_until_it_is_changed() {
    let (state, effects) = after([
        Action::Show,
        text("It broke"),
        Action::Email("ada@".to_owned()),
        Action::Send,
    ]);
    assert_eq!(effects.last(), Some(&Effect::Focus(Spot::Email)));
    let (state, _) = reduce(state, text("It broke again"));
    assert_eq!(state.problem, Some(Problem::EmailInvalid));
    let (state, _) = reduce(state, Action::Email("ada@example.org".to_owned()));
    assert_eq!(state.problem, None);
}

#[test]
fn writing_takes_the_word_about_the_text_away() {
    let (state, _) = after([Action::Show, Action::Send, text("I")]);
    assert_eq!(state.problem, None);
}

#[test]
fn thanks_are_said_only_after_the_server_has_acknowledged() {
    let phases = [DURABLE, OFFLINE, SERVER, ACCEPTED]
        .into_iter()
        .scan(after(sent()).0, |state, action| {
            *state = reduce(std::mem::take(state), action).0;
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
    let memory = Action::Told(Progress::Kept { durable: false });
    assert!(!after(sent().into_iter().chain([memory, OFFLINE])).0.durable);
    assert!(
        !after(sent().into_iter().chain([OFFLINE])).0.durable,
        "nothing is promised before the loader says so"
    );
    assert!(after(sent().into_iter().chain([DURABLE, OFFLINE])).0.durable);
}

#[test]
fn the_focus_moves_once_when_the_form_makes_way_and_not_again() {
    let (state, effects) = after(sent().into_iter().chain([DURABLE, OFFLINE]));
    assert_eq!(effects.last(), Some(&Effect::Focus(Spot::Heading)));
    let (state, effects) = reduce(state, SERVER);
    assert_eq!(effects, []);
    assert_eq!(reduce(state, ACCEPTED).1, []);
}

#[test]
fn a_rejection_brings_the_form_back_with_the_words_in_it() {
    let (state, effects) = after(sent().into_iter().chain([OFFLINE, rejected("nul_character")]));
    assert_eq!(state.phase, Phase::Writing);
    assert_eq!(state.draft.text, "It broke");
    assert_eq!(state.problem, Some(Problem::Refused("No.".to_owned())));
    assert_eq!(effects.last(), Some(&Effect::Focus(Spot::Text)));
}

#[test]
fn rejected_feedback_can_be_corrected_and_sent_again() {
    let again = [
        rejected("email_invalid"),
        text("It broke, twice"),
        Action::Email(String::new()),
        Action::Send,
    ];
    let (state, effects) = after(sent().into_iter().chain(again));
    assert_eq!(sends(&effects), 2);
    assert_eq!((state.phase, state.problem), (Phase::Sending, None));
}

#[test]
fn a_loader_that_fails_leaves_the_words_in_the_form() {
    let (state, _) = after(sent().into_iter().chain([Action::NotTaken]));
    assert_eq!(
        (state.phase, state.problem),
        (Phase::Writing, Some(Problem::NotTaken))
    );
    assert_eq!(state.draft.text, "It broke");
}

#[test]
fn what_is_typed_while_it_is_sent_does_not_change_it() {
    let (state, _) = after(
        sent()
            .into_iter()
            .chain([text("Something else"), Action::Rating(Some(1))]),
    );
    assert_eq!(
        (state.draft.text.as_str(), state.draft.rating),
        ("It broke", None)
    );
}

#[test]
fn the_draft_survives_closing_and_showing() {
    let (state, _) = after([Action::Show, text("It br"), Action::Closed, Action::Show]);
    assert_eq!(state.draft.text, "It br");
    let (state, _) = after([Action::Show, text("It br"), Action::Hide, Action::Show]);
    assert_eq!(state.draft.text, "It br");
}

#[test]
fn the_loader_is_told_once_when_the_visitor_closes_and_never_when_it_hid_the_panel_itself() {
    let (_, effects) = after([Action::Show, Action::Close, Action::Closed, Action::Closed]);
    assert_eq!(effects[2..], [Effect::CloseDialog, Effect::TellClosed]);
    let (_, effects) = after([Action::Show, Action::Hide, Action::Closed]);
    assert_eq!(effects[2..], [Effect::CloseDialog]);
}

#[test]
fn news_for_a_closed_panel_leave_the_focus_in_the_page() {
    let (state, _) = after(sent().into_iter().chain([DURABLE, Action::Closed]));
    for news in [OFFLINE, ACCEPTED, rejected("text_too_long")] {
        assert_eq!(reduce(state.clone(), news).1, []);
    }
}

#[test]
fn thanks_that_came_while_the_panel_was_closed_are_shown_at_the_next_showing() {
    let (state, effects) = after(sent().into_iter().chain([Action::Closed, ACCEPTED, Action::Show]));
    assert_eq!(state.phase, Phase::Arrived);
    assert_eq!(effects.last(), Some(&Effect::Focus(Spot::Heading)));
}

#[test]
fn after_thanks_were_seen_the_form_is_empty_but_for_the_address() {
    let address = Action::Email("ada@example.org".to_owned());
    let arrived = || {
        [
            Action::Show,
            text("It broke"),
            address.clone(),
            Action::Send,
            ACCEPTED,
        ]
        .into_iter()
    };
    for last in [Action::Another, Action::Closed, Action::Hide] {
        let (state, _) = after(arrived().chain([last]));
        assert_eq!((state.phase, state.draft.text.as_str()), (Phase::Writing, ""));
        assert_eq!(state.draft.email, "ada@example.org");
    }
}

#[test]
fn another_can_be_sent_and_thanks_wait_for_its_own_acknowledgement() {
    let another = [ACCEPTED, Action::Another, text("And this"), Action::Send];
    let (state, effects) = after(sent().into_iter().chain(another));
    assert_eq!(sends(&effects), 2);
    assert_eq!(state.phase, Phase::Sending);
}

#[test]
fn taking_the_rating_back_keeps_the_focus_near() {
    let (state, effects) = after([Action::Show, Action::Rating(Some(2)), Action::Rating(None)]);
    assert_eq!(state.draft.rating, None);
    assert_eq!(effects.last(), Some(&Effect::Focus(Spot::Rating)));
}
