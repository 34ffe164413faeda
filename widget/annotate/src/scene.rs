//! What there is to draw, as numbers: the one way of passing things that costs next to nothing to bind.

use crate::geometry::{Area, Point, arrow};
use crate::state::{Mark, State, Tool};

/// An arrow's thickness, of the picture's longer side.
const WEIGHT: f64 = 1.0 / 220.0;
/// Not thinner than this in the picture.
const THIN: f64 = 3.0;

/// The state for the page's side, and every shape:
///
/// - width and height of what is drawn, and the area of the picture that it shows: x, y, width, height;
/// - the tool, whether there is something to undo, something to redo, a draft, and the thickness of lines;
/// - of the draft x, y, width, height in pixels of the picture, or zeros;
/// - the shapes, each with the place of its tool, how many numbers it has, and these: x, y, width, height, or an
///   arrow's corners. One that is only being made comes last, and a crop only then.
///
/// On the screen the numbers are CSS pixels, in the picture that is sent they are its own pixels.
pub(crate) fn numbers(state: &State, to_send: bool) -> Vec<f64> {
    let area = state.area().whole();
    let scale = if to_send { 1.0 } else { state.scale() };
    let weight = (state.picture.x.max(state.picture.y) * WEIGHT).max(THIN) * scale;
    let size = area.size().times(scale);
    let draft = state.draft.filter(|_| !to_send);
    let said = draft.map_or(Area::default(), Mark::area);
    let mut numbers = Vec::with_capacity(64);
    numbers.extend([size.x, size.y]);
    numbers.extend(sides(area));
    numbers.extend([
        f64::from(state.tool as u8),
        yes(!state.marks.is_empty()),
        yes(!state.undone.is_empty()),
        yes(draft.is_some()),
        weight,
    ]);
    numbers.extend(sides(said));
    let done = state.marks.iter().filter(|mark| mark.tool != Tool::Crop);
    for mark in done.chain(&draft) {
        let on = |point: Point| point.minus(area.from).times(scale);
        let (from, to) = (on(mark.from), on(mark.to));
        numbers.push(f64::from(mark.tool as u8));
        if mark.tool == Tool::Arrow {
            numbers.push(14.0);
            for point in arrow(from, to, weight) {
                numbers.extend([point.x, point.y]);
            }
        } else {
            numbers.push(4.0);
            numbers.extend(sides(Area::between(from, to)));
        }
    }
    numbers
}

fn yes(holds: bool) -> f64 {
    f64::from(u8::from(holds))
}

fn sides(area: Area) -> [f64; 4] {
    let size = area.size();
    [area.from.x, area.from.y, size.x, size.y]
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Where the shapes begin.
    const SHAPES: usize = 15;

    fn at(x: f64, y: f64) -> Point {
        Point { x, y }
    }

    fn marked(tool: Tool, from: Point, to: Point) -> State {
        State {
            picture: at(1000.0, 500.0),
            stage: at(500.0, 500.0),
            marks: vec![Mark { tool, from, to }],
            ..State::default()
        }
    }

    #[test]
    fn on_the_screen_shapes_are_as_small_as_the_picture_and_sent_they_are_its_own_size() {
        let state = marked(Tool::Cover, at(100.0, 100.0), at(200.0, 150.0));
        let (shown, sent) = (numbers(&state, false), numbers(&state, true));
        assert_eq!(shown[..6], [500.0, 250.0, 0.0, 0.0, 1000.0, 500.0]);
        assert_eq!(shown[SHAPES..], [1.0, 4.0, 50.0, 50.0, 50.0, 25.0]);
        assert_eq!(sent[..2], [1000.0, 500.0]);
        assert_eq!(sent[SHAPES..], [1.0, 4.0, 100.0, 100.0, 100.0, 50.0]);
    }

    #[test]
    fn a_crop_is_what_is_shown_and_moves_the_shapes_but_is_none_itself() {
        let mut state = marked(Tool::Cover, at(100.0, 100.0), at(200.0, 150.0));
        state.marks.push(Mark {
            tool: Tool::Crop,
            from: at(100.0, 50.0),
            to: at(350.0, 300.0),
        });
        let sent = numbers(&state, true);
        assert_eq!(sent[..6], [250.0, 250.0, 100.0, 50.0, 250.0, 250.0]);
        assert_eq!(sent[SHAPES..], [1.0, 4.0, 0.0, 50.0, 100.0, 50.0]);
    }

    #[test]
    fn what_is_only_being_made_is_shown_and_not_sent() {
        let mut state = marked(Tool::Cover, at(0.0, 0.0), at(10.0, 10.0));
        state.draft = Some(Mark {
            tool: Tool::Crop,
            from: at(300.0, 200.0),
            to: at(100.0, 100.0),
        });
        let shown = numbers(&state, false);
        assert_eq!(
            (shown[9], &shown[11..SHAPES]),
            (1.0, &[100.0, 100.0, 200.0, 100.0][..])
        );
        assert_eq!(shown[SHAPES + 6..], [3.0, 4.0, 50.0, 50.0, 100.0, 50.0]);
        assert_eq!(numbers(&state, true).len(), SHAPES + 6);
    }

    #[test]
    fn an_arrow_has_its_seven_corners() {
        let sent = numbers(&marked(Tool::Arrow, at(0.0, 0.0), at(200.0, 0.0)), true);
        assert_eq!(sent[SHAPES..SHAPES + 2], [2.0, 14.0]);
        assert_eq!(
            (sent.len(), sent[SHAPES + 8..SHAPES + 10].to_vec()),
            (SHAPES + 16, vec![200.0, 0.0])
        );
    }
}
