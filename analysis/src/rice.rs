//! RICE: an honest order of what to do first.
//!
//! Source of the formula and of the scale of impact: "RICE: Simple prioritization for product managers",
//! Intercom's blog, 2016.

/// What is known of one candidate.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Estimate {
    /// People who meet what it is about, in the period that all candidates share.
    pub reach: f64,
    /// How much it changes for each of them.
    pub impact: Impact,
    /// How sure the other numbers are: 0 to 1.
    pub confidence: f64,
    /// Person-months, more than 0.
    pub effort: f64,
}

/// The scale of impact.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Impact {
    /// 0.25
    Minimal,
    /// 0.5
    Low,
    /// 1
    Medium,
    /// 2
    High,
    /// 3
    Massive,
}

impl Impact {
    fn weight(self) -> f64 {
        match self {
            Self::Minimal => 0.25,
            Self::Low => 0.5,
            Self::Medium => 1.0,
            Self::High => 2.0,
            Self::Massive => 3.0,
        }
    }
}

/// Which number of an estimate cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InvalidEstimate {
    /// Reach is negative or not finite.
    Reach,
    /// Confidence is outside 0 to 1.
    Confidence,
    /// Effort is not more than 0.
    Effort,
}

/// Reach × impact × confidence ÷ effort: people helped per person-month.
pub fn score(estimate: Estimate) -> Result<f64, InvalidEstimate> {
    let Estimate {
        reach,
        impact,
        confidence,
        effort,
    } = estimate;
    if !reach.is_finite() || reach < 0.0 {
        return Err(InvalidEstimate::Reach);
    }
    if !(0.0..=1.0).contains(&confidence) {
        return Err(InvalidEstimate::Confidence);
    }
    if !effort.is_finite() || effort <= 0.0 {
        return Err(InvalidEstimate::Effort);
    }
    Ok(reach * impact.weight() * confidence / effort)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ESTIMATE: Estimate = Estimate {
        reach: 500.0,
        impact: Impact::High,
        confidence: 0.8,
        effort: 2.0,
    };

    #[test]
    fn the_score_is_the_formulas() {
        assert_eq!(score(ESTIMATE), Ok(400.0));
        assert_eq!(
            score(Estimate {
                reach: 0.0,
                ..ESTIMATE
            }),
            Ok(0.0)
        );
    }

    #[test]
    fn more_effort_never_raises_the_score() {
        let half = score(Estimate {
            effort: 4.0,
            ..ESTIMATE
        });
        assert_eq!(half, Ok(200.0));
    }

    #[test]
    fn what_cannot_be_a_number_of_its_kind_is_named() {
        assert_eq!(
            score(Estimate {
                reach: f64::NAN,
                ..ESTIMATE
            }),
            Err(InvalidEstimate::Reach)
        );
        assert_eq!(
            score(Estimate {
                reach: -1.0,
                ..ESTIMATE
            }),
            Err(InvalidEstimate::Reach)
        );
        assert_eq!(
            score(Estimate {
                confidence: 1.1,
                ..ESTIMATE
            }),
            Err(InvalidEstimate::Confidence)
        );
        assert_eq!(
            score(Estimate {
                confidence: f64::NAN,
                ..ESTIMATE
            }),
            Err(InvalidEstimate::Confidence)
        );
        assert_eq!(
            score(Estimate {
                effort: 0.0,
                ..ESTIMATE
            }),
            Err(InvalidEstimate::Effort)
        );
    }
}
