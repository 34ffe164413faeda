//! Points and areas. A mark is held in pixels of the picture, so that it stays where it is however the picture is
//! shown.

/// A point, a distance or a size.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Point {
    pub(crate) x: f64,
    pub(crate) y: f64,
}

impl Point {
    pub(crate) fn plus(self, other: Self) -> Self {
        Self {
            x: self.x + other.x,
            y: self.y + other.y,
        }
    }

    pub(crate) fn minus(self, other: Self) -> Self {
        self.plus(other.times(-1.0))
    }

    pub(crate) fn times(self, factor: f64) -> Self {
        Self {
            x: self.x * factor,
            y: self.y * factor,
        }
    }

    /// The nearest point within an area.
    pub(crate) fn within(self, area: Area) -> Self {
        Self {
            x: self.x.max(area.from.x).min(area.to.x),
            y: self.y.max(area.from.y).min(area.to.y),
        }
    }

    pub(crate) fn length(self) -> f64 {
        (self.x * self.x + self.y * self.y).sqrt()
    }
}

/// From the upper left to the lower right.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Area {
    pub(crate) from: Point,
    pub(crate) to: Point,
}

impl Area {
    /// With these two corners, whichever they are.
    pub(crate) fn between(one: Point, other: Point) -> Self {
        Self {
            from: Point {
                x: one.x.min(other.x),
                y: one.y.min(other.y),
            },
            to: Point {
                x: one.x.max(other.x),
                y: one.y.max(other.y),
            },
        }
    }

    pub(crate) fn size(self) -> Point {
        self.to.minus(self.from)
    }

    pub(crate) fn middle(self) -> Point {
        self.from.plus(self.to).times(0.5)
    }

    /// Pixels begin and end at whole numbers: a picture has no half ones.
    pub(crate) fn whole(self) -> Self {
        let Self { from, to } = self;
        Self {
            from: Point {
                x: from.x.floor(),
                y: from.y.floor(),
            },
            to: Point {
                x: to.x.ceil(),
                y: to.y.ceil(),
            },
        }
    }
}

/// By how much an area is made smaller to be seen as a whole; small ones are shown at twice their size at most.
pub(crate) fn fit(area: Point, stage: Point) -> f64 {
    (stage.x / area.x.max(1.0))
        .min(stage.y / area.y.max(1.0))
        .min(2.0)
}

/// The outline of an arrow: from the middle of its tail around its head. It grows with its `weight`, and an arrow that
/// is too short for its head is all head.
pub(crate) fn arrow(tail: Point, tip: Point, weight: f64) -> [Point; 7] {
    let way = tip.minus(tail);
    let length = way.length().max(1.0);
    let along = way.times(1.0 / length);
    let across = Point {
        x: -along.y,
        y: along.x,
    };
    let head = (weight * 5.0).min(length);
    let neck = tip.minus(along.times(head));
    let beside = |point: Point, distance: f64| point.plus(across.times(distance));
    [
        beside(tail, weight / 2.0),
        beside(neck, weight / 2.0),
        beside(neck, head / 2.0),
        tip,
        beside(neck, head / -2.0),
        beside(neck, weight / -2.0),
        beside(tail, weight / -2.0),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(x: f64, y: f64) -> Point {
        Point { x, y }
    }

    #[test]
    fn an_area_has_its_corners_in_order_whichever_way_it_was_drawn() {
        let area = Area::between(at(30.0, 5.0), at(10.0, 25.0));
        assert_eq!((area.from, area.to), (at(10.0, 5.0), at(30.0, 25.0)));
        assert_eq!((area.size(), area.middle()), (at(20.0, 20.0), at(20.0, 15.0)));
    }

    #[test]
    fn a_picture_is_shown_whole_and_not_blown_up() {
        assert!((fit(at(2000.0, 1000.0), at(500.0, 500.0)) - 0.25).abs() < 1e-9);
        assert!((fit(at(1000.0, 2000.0), at(500.0, 500.0)) - 0.25).abs() < 1e-9);
        assert!((fit(at(20.0, 20.0), at(500.0, 500.0)) - 2.0).abs() < 1e-9);
        assert!(fit(at(0.0, 0.0), at(500.0, 500.0)).is_finite());
    }

    #[test]
    fn an_arrow_ends_at_its_tip_and_is_widest_at_its_head() {
        let points = arrow(at(0.0, 0.0), at(100.0, 0.0), 4.0);
        assert_eq!(points[3], at(100.0, 0.0));
        assert_eq!(points[0], at(0.0, 2.0));
        assert_eq!(points[2], at(80.0, 10.0));
        assert_eq!(points[4], at(80.0, -10.0));
    }

    #[test]
    fn a_short_arrow_is_all_head_and_one_without_length_is_still_one() {
        assert_eq!(arrow(at(0.0, 0.0), at(10.0, 0.0), 4.0)[2], at(0.0, 5.0));
        assert!(
            arrow(at(1.0, 1.0), at(1.0, 1.0), 4.0)
                .iter()
                .all(|point| point.x.is_finite())
        );
    }
}
