//! Date and time of day in UTC. Days from the civil calendar: Howard Hinnant, "chrono-Compatible Low-Level Date
//! Algorithms", `civil_from_days`. A date library weighs more than the sinks that need one.

use hearback_shared::UnixMillis;

/// A second in UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Utc {
    year: u64,
    month: u64,
    day: u64,
    /// From 0 to 23.
    pub(super) hour: u64,
    minute: u64,
    second: u64,
}

impl Utc {
    /// The second in which a time lies.
    pub(super) fn at(time: UnixMillis) -> Self {
        let seconds = time / 1_000;
        let days = seconds / 86_400 + 719_468;
        let era = days / 146_097;
        let day_of_era = days % 146_097;
        let year_of_era =
            (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let shifted = (5 * day_of_year + 2) / 153;
        let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
        Self {
            year: year_of_era + era * 400 + u64::from(month <= 2),
            month,
            day: day_of_year - (153 * shifted + 2) / 5 + 1,
            hour: seconds / 3_600 % 24,
            minute: seconds / 60 % 60,
            second: seconds % 60,
        }
    }

    /// `2026-11-18`
    pub(super) fn date(self) -> String {
        format!("{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }

    /// `20261118T121640Z`, the basic format of ISO 8601.
    pub(super) fn basic(self) -> String {
        let Self {
            year,
            month,
            day,
            hour,
            minute,
            second,
        } = self;
        format!("{year:04}{month:02}{day:02}T{hour:02}{minute:02}{second:02}Z")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_calendar_has_leap_years() {
        let check = |time, expect| assert_eq!(Utc::at(time).basic(), expect);
        check(0, "19700101T000000Z");
        check(1_369_353_600_999, "20130524T000000Z");
        check(1_709_164_799_999, "20240228T235959Z");
        check(1_709_164_800_000, "20240229T000000Z");
        check(4_107_542_400_000, "21000301T000000Z");
        assert_eq!(Utc::at(1_709_164_800_000).date(), "2024-02-29");
    }
}
