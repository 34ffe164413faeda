use super::*;

fn at(x: f64, y: f64) -> Point {
    Point { x, y }
}

/// A picture of 1000 × 500 pixels that is shown at half its size.
fn begun() -> State {
    after(
        State::default(),
        &[Action::Stage(at(500.0, 500.0)), Action::Begin(at(1000.0, 500.0))],
    )
    .0
}

fn after(state: State, actions: &[Action]) -> (State, Said) {
    actions.iter().fold((state, Said::Nothing), |(state, _), action| {
        reduce(state, *action)
    })
}

fn tool(tool: Tool) -> Action {
    Action::Choose(f64::from(tool as u8))
}

fn drawn(which: Tool, from: Point, to: Point) -> [Action; 4] {
    [tool(which), Action::Down(from), Action::Drag(to), Action::Up]
}

fn corners(mark: &Mark) -> [f64; 4] {
    [mark.from.x, mark.from.y, mark.to.x, mark.to.y]
}

#[test]
fn what_is_drawn_on_the_screen_is_a_mark_in_the_picture() {
    let (state, said) = after(begun(), &drawn(Tool::Cover, at(10.0, 20.0), at(60.0, 50.0)));
    assert_eq!(said, Said::Set);
    assert_eq!((state.marks.len(), state.marks[0].tool), (1, Tool::Cover));
    assert_eq!(corners(&state.marks[0]), [20.0, 40.0, 120.0, 100.0]);
    assert_eq!(state.draft, None);
}

#[test]
fn a_mark_ends_where_the_picture_does() {
    let (state, _) = after(begun(), &drawn(Tool::Cover, at(490.0, 240.0), at(900.0, -70.0)));
    assert_eq!(corners(&state.marks[0]), [980.0, 0.0, 1000.0, 480.0]);
}

#[test]
fn a_cover_hides_every_pixel_that_it_touches() {
    let (state, _) = after(begun(), &drawn(Tool::Cover, at(10.2, 10.2), at(20.3, 20.3)));
    assert_eq!(corners(&state.marks[0]), [20.0, 20.0, 41.0, 41.0]);
}

#[test]
fn a_slip_of_the_hand_is_no_mark() {
    let (state, said) = after(begun(), &drawn(Tool::Arrow, at(10.0, 10.0), at(13.0, 12.0)));
    assert_eq!((state.marks.len(), said), (0, Said::Nothing));
    let (state, _) = after(begun(), &drawn(Tool::Cover, at(10.0, 10.0), at(60.0, 10.0)));
    assert_eq!(state.marks.len(), 0, "nor is a box without height");
}

#[test]
fn a_crop_is_what_one_draws_on_from_then_on() {
    let (state, _) = after(begun(), &drawn(Tool::Crop, at(100.0, 100.0), at(200.0, 200.0)));
    assert_eq!(
        state.area(),
        Area {
            from: at(200.0, 200.0),
            to: at(400.0, 400.0)
        }
    );
    assert!((state.scale() - 2.0).abs() < 1e-9);
    let (state, _) = after(state, &drawn(Tool::Cover, at(0.0, 0.0), at(100.0, 100.0)));
    assert_eq!(corners(&state.marks[1]), [200.0, 200.0, 250.0, 250.0]);
}

#[test]
fn the_last_mark_is_taken_back_and_put_there_again() {
    let (state, said) = after(begun(), &[Action::Undo]);
    assert_eq!((state.marks.len(), said), (0, Said::Nothing));
    let (state, _) = after(begun(), &drawn(Tool::Cover, at(10.0, 10.0), at(60.0, 60.0)));
    let (state, _) = after(state, &drawn(Tool::Crop, at(100.0, 100.0), at(200.0, 200.0)));
    let (state, said) = after(state, &[Action::Undo]);
    assert_eq!(
        (said, state.tool),
        (Said::Undone, Tool::Crop),
        "what is said names the tool"
    );
    assert_eq!(
        state.area().size(),
        at(1000.0, 500.0),
        "the rest of the picture is back"
    );
    let (state, said) = after(state, &[Action::Redo, Action::Redo]);
    assert_eq!((state.marks.len(), said), (2, Said::Nothing));
    let (state, _) = after(state, &[Action::Undo]);
    let (state, _) = after(state, &drawn(Tool::Arrow, at(10.0, 10.0), at(60.0, 60.0)));
    assert_eq!(
        state.undone,
        [],
        "after something new there is nothing to put there again"
    );
}

#[test]
fn from_the_keyboard_a_mark_is_placed_moved_sized_and_set() {
    let (state, said) = after(begun(), &[tool(Tool::Cover), Action::Place]);
    assert_eq!(said, Said::Placed);
    let (state, said) = after(state, &[Action::Move(at(-10.0, 5.0))]);
    assert_eq!(said, Said::Moved);
    let (state, said) = after(state, &[Action::Grow(at(20.0, -5.0))]);
    assert_eq!(said, Said::Sized);
    let (state, said) = after(state, &[Action::Set]);
    assert_eq!((said, state.draft), (Said::Set, None));
    let [left, top, right, bottom] = corners(&state.marks[0]);
    let near = |one: f64, other: f64| (one - other).abs() <= 1.0;
    assert!(near(left, 500.0 - 1000.0 / 6.0 - 20.0) && near(right, 500.0 + 1000.0 / 6.0 + 20.0));
    assert!(near(top, 250.0 - 500.0 / 6.0 + 10.0) && near(bottom, 250.0 + 500.0 / 6.0));
}

#[test]
fn a_mark_is_moved_as_far_as_there_is_picture_and_keeps_its_size() {
    let (state, _) = after(begun(), &[Action::Place]);
    let size = state.draft.expect("placed").area().size();
    let (state, _) = after(state, &[Action::Move(at(-9999.0, 9999.0))]);
    let area = state.draft.expect("still there").area();
    assert!(area.from.x.abs() < 1e-9 && (area.to.y - 500.0).abs() < 1e-9);
    assert!(area.size().minus(size).length() < 1e-9);
}

#[test]
fn a_mark_cannot_be_made_so_small_that_it_is_lost_nor_larger_than_the_picture() {
    let (state, _) = after(begun(), &[Action::Place, Action::Grow(at(-9999.0, -9999.0))]);
    let size = state.draft.expect("placed").area().size();
    assert_eq!(size, at(LEAST / 0.5, LEAST / 0.5));
    let (state, _) = after(state, &[Action::Grow(at(9999.0, 9999.0))]);
    assert_eq!(state.draft.expect("still there").to, at(1000.0, 500.0));
}

#[test]
fn an_arrows_tip_goes_anywhere() {
    let (state, _) = after(
        begun(),
        &[
            tool(Tool::Arrow),
            Action::Place,
            Action::Grow(at(-9999.0, -9999.0)),
        ],
    );
    assert_eq!(state.draft.expect("placed").to, at(0.0, 0.0));
}

#[test]
fn escape_takes_away_what_is_not_set_and_nothing_else() {
    let (state, _) = after(begun(), &drawn(Tool::Cover, at(10.0, 10.0), at(60.0, 60.0)));
    let (state, said) = after(state, &[Action::Place, Action::Drop]);
    assert_eq!((state.marks.len(), state.draft, said), (1, None, Said::Dropped));
    assert_eq!(after(state, &[Action::Drop]).1, Said::Nothing);
}

#[test]
fn another_tool_takes_over_what_is_being_placed() {
    let (state, _) = after(begun(), &[Action::Place, tool(Tool::Crop), Action::Set]);
    assert_eq!(state.marks[0].tool, Tool::Crop);
}

#[test]
fn another_picture_begins_anew() {
    let (state, _) = after(begun(), &drawn(Tool::Cover, at(10.0, 10.0), at(60.0, 60.0)));
    let (state, _) = after(state, &[Action::Begin(at(10.0, 10.0))]);
    assert_eq!((state.marks.len(), state.stage), (0, at(500.0, 500.0)));
}

#[test]
fn what_nobody_knows_is_no_action() {
    assert_eq!(Action::read(13, at(0.0, 0.0)), None);
    assert_eq!(Action::read(12, at(0.0, 0.0)), Some(Action::Redo));
}
