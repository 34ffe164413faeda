//! A time is a number of milliseconds that every reader counts exactly.

use crate::UnixMillis;
use crate::limits::INTEGER_MAX;
use crate::rejection::Rejection;
use crate::validate::explain::number_out_of_range;

pub(super) fn time(at: UnixMillis) -> Result<(), Rejection> {
    if at > INTEGER_MAX {
        return Err(number_out_of_range("at"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_end_where_javascript_stops_counting() {
        assert!(time(INTEGER_MAX).is_ok());
        assert!(time(INTEGER_MAX + 1).is_err());
    }
}
