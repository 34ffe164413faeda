//! What happens to the picture when the visitor does something: a pure function, for mouse, pen, finger and keyboard
//! alike.

use crate::geometry::{Area, Point, fit};

/// What can be done to a picture, in the order of the page's side.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Tool {
    /// Shows what it is about.
    #[default]
    Highlight,
    /// Hides something for good: nothing of it is in the picture that is sent.
    Cover,
    /// Points at something.
    Arrow,
    /// Leaves the rest away.
    Crop,
}

impl Tool {
    const ALL: [Self; 4] = [Self::Highlight, Self::Cover, Self::Arrow, Self::Crop];
}

/// What a tool leaves, in pixels of the picture: two corners, or an arrow's tail and tip.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Mark {
    pub(crate) tool: Tool,
    pub(crate) from: Point,
    pub(crate) to: Point,
}

impl Mark {
    pub(crate) fn area(self) -> Area {
        Area::between(self.from, self.to)
    }
}

/// The picture and what was done to it.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct State {
    /// Pixels of the picture.
    pub(crate) picture: Point,
    /// Room on the screen, in CSS pixels.
    pub(crate) stage: Point,
    /// What is done next.
    pub(crate) tool: Tool,
    /// What was done, oldest first. A crop is one of them: the last one holds.
    pub(crate) marks: Vec<Mark>,
    /// What was taken back, last first to come again.
    pub(crate) undone: Vec<Mark>,
    /// What is being done.
    pub(crate) draft: Option<Mark>,
}

/// What can happen. The page's side names them by their places.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Action {
    /// A picture of this size has come.
    Begin(Point),
    /// There is this much room on the screen.
    Stage(Point),
    /// A tool was chosen, by its place.
    Choose(f64),
    /// A pointer went down, in CSS pixels of what is shown.
    Down(Point),
    /// It moved.
    Drag(Point),
    /// It went up.
    Up,
    /// From the keyboard: a mark, somewhere to begin with.
    Place,
    /// It is moved, by CSS pixels.
    Move(Point),
    /// Its size is changed.
    Grow(Point),
    /// It is right like that.
    Set,
    /// It is not wanted.
    Drop,
    /// The last mark is taken back.
    Undo,
    /// It is put there again.
    Redo,
}

impl Action {
    pub(crate) fn read(what: u32, numbers: Point) -> Option<Self> {
        Some(match what {
            0 => Self::Begin(numbers),
            1 => Self::Stage(numbers),
            2 => Self::Choose(numbers.x),
            3 => Self::Down(numbers),
            4 => Self::Drag(numbers),
            5 => Self::Up,
            6 => Self::Place,
            7 => Self::Move(numbers),
            8 => Self::Grow(numbers),
            9 => Self::Set,
            10 => Self::Drop,
            11 => Self::Undo,
            12 => Self::Redo,
            _ => return None,
        })
    }
}

/// What is to be said to those who don't see it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Said {
    /// Nothing.
    Nothing = 0,
    /// A mark is there, and how it is moved.
    Placed = 1,
    /// Where it is now.
    Moved = 2,
    /// How large it is now.
    Sized = 3,
    /// It is done.
    Set = 4,
    /// It is gone.
    Dropped = 5,
    /// It was taken back.
    Undone = 6,
    /// It is there again.
    Redone = 7,
}

/// Shorter ways of a pointer are a slip, in CSS pixels.
const SLIP: f64 = 5.0;
/// No mark is made smaller from the keyboard, in CSS pixels.
const LEAST: f64 = 8.0;

impl State {
    /// What is left of the picture.
    pub(crate) fn area(&self) -> Area {
        let crops = self.marks.iter().rev();
        crops
            .filter(|mark| mark.tool == Tool::Crop)
            .map(|mark| mark.area())
            .next()
            .unwrap_or(Area {
                from: Point::default(),
                to: self.picture,
            })
    }

    /// CSS pixels of a pixel of the picture.
    pub(crate) fn scale(&self) -> f64 {
        fit(self.area().size(), self.stage)
    }

    /// What lies under a point of the screen.
    fn under(&self, point: Point) -> Point {
        let area = self.area();
        point.times(1.0 / self.scale()).plus(area.from).within(area)
    }
}

/// The next state, and what is to be said.
pub(crate) fn reduce(mut state: State, action: Action) -> (State, Said) {
    let said = match action {
        Action::Begin(picture) => {
            state = State {
                picture,
                stage: state.stage,
                ..State::default()
            };
            Said::Nothing
        }
        Action::Stage(room) => {
            state.stage = room;
            Said::Nothing
        }
        Action::Choose(place) => choose(&mut state, place),
        Action::Down(point) => {
            let from = state.under(point);
            let tool = state.tool;
            state.draft = Some(Mark { tool, from, to: from });
            Said::Nothing
        }
        Action::Drag(point) => {
            let to = state.under(point);
            if let Some(mark) = &mut state.draft {
                mark.to = to;
            }
            Said::Nothing
        }
        Action::Up => lift(&mut state),
        Action::Place => place(&mut state),
        Action::Move(way) => shift(&mut state, way),
        Action::Grow(way) => grow(&mut state, way),
        Action::Set => set(&mut state),
        Action::Drop => state.draft.take().map_or(Said::Nothing, |_| Said::Dropped),
        Action::Undo => carry(&mut state, Said::Undone, |state| {
            (&mut state.marks, &mut state.undone)
        }),
        Action::Redo => carry(&mut state, Said::Redone, |state| {
            (&mut state.undone, &mut state.marks)
        }),
    };
    (state, said)
}

/// What is under way goes over to the new tool.
fn choose(state: &mut State, place: f64) -> Said {
    for (at, tool) in (0_u8..).zip(Tool::ALL) {
        if (f64::from(at) - place).abs() < 0.5 {
            state.tool = tool;
            if let Some(mark) = &mut state.draft {
                mark.tool = tool;
            }
        }
    }
    Said::Nothing
}

fn lift(state: &mut State) -> Said {
    let way = state.draft.map_or(0.0, |mark| mark.to.minus(mark.from).length());
    if way * state.scale() < SLIP {
        state.draft = None;
        return Said::Nothing;
    }
    set(state)
}

/// In the middle of what is seen, a third as large; an arrow from beside it to the middle.
fn place(state: &mut State) -> Said {
    let area = state.area();
    let (middle, part) = (area.middle(), area.size().times(1.0 / 6.0));
    let to = if state.tool == Tool::Arrow {
        middle
    } else {
        middle.plus(part)
    };
    state.draft = Some(Mark {
        tool: state.tool,
        from: middle.minus(part),
        to,
    });
    Said::Placed
}

/// As far as there is picture.
fn shift(state: &mut State, way: Point) -> Said {
    let (area, way) = (state.area(), way.times(1.0 / state.scale()));
    let Some(mark) = &mut state.draft else {
        return Said::Nothing;
    };
    let corners = mark.area();
    let room = Area {
        from: area.from.minus(corners.from),
        to: area.to.minus(corners.to),
    };
    let way = way.within(room);
    mark.from = mark.from.plus(way);
    mark.to = mark.to.plus(way);
    Said::Moved
}

/// The second corner moves, or an arrow's tip. A corner stays to the right of the first and below it.
fn grow(state: &mut State, way: Point) -> Said {
    let (mut area, way) = (state.area(), way.times(1.0 / state.scale()));
    let least = LEAST / state.scale();
    let Some(mark) = &mut state.draft else {
        return Said::Nothing;
    };
    if mark.tool != Tool::Arrow {
        let corners = mark.area();
        (mark.from, mark.to) = (corners.from, corners.to);
        area.from = mark.from.plus(Point { x: least, y: least }).within(area);
    }
    mark.to = mark.to.plus(way).within(area);
    Said::Sized
}

fn set(state: &mut State) -> Said {
    let Some(mut mark) = state.draft.take() else {
        return Said::Nothing;
    };
    if mark.tool != Tool::Arrow {
        let area = mark.area().whole();
        (mark.from, mark.to) = (area.from, area.to);
        let size = area.size();
        if size.x < 1.0 || size.y < 1.0 {
            return Said::Nothing;
        }
    }
    state.marks.push(mark);
    state.undone.clear();
    Said::Set
}

/// Takes the last mark from one list to the other.
fn carry(
    state: &mut State,
    said: Said,
    lists: impl Fn(&mut State) -> (&mut Vec<Mark>, &mut Vec<Mark>),
) -> Said {
    state.draft = None;
    let (from, to) = lists(state);
    let Some(mark) = from.pop() else {
        return Said::Nothing;
    };
    to.push(mark);
    state.tool = mark.tool;
    said
}

#[cfg(test)]
#[expect(
    clippy::float_cmp,
    reason = "corners of marks are whole numbers, which floats hold exactly"
)]
mod tests;
