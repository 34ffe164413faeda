//! What the loader tells about feedback that was handed to it.

/// One step of feedback on its way. The loader names them with a word and a detail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Progress {
    /// It is in the loader's queue; durable if it outlives the page.
    Kept {
        /// Whether it outlives the page.
        durable: bool,
    },
    /// An attempt to send it failed; it stays in the queue.
    Waiting(Reason),
    /// The server has acknowledged it.
    Accepted {
        /// Where the visitor sees what became of it; empty from a loader that does not tell.
        receipt: String,
    },
    /// The server will never take it as it is.
    Rejected {
        /// The stable code, such as `text_too_long`.
        code: String,
        /// The same in words, in English.
        message: String,
    },
}

/// Why an attempt to send failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// The visitor's device has no network.
    Offline,
    /// There is a network, but the server does not answer, or not well.
    Server,
}

impl Progress {
    /// Reads the loader's words; `None` for a word that only a later loader knows.
    pub fn read(state: &str, detail: &str) -> Option<Self> {
        Some(match state {
            "kept" => Self::Kept {
                durable: detail == "durable",
            },
            "waiting" if detail == "offline" => Self::Waiting(Reason::Offline),
            "waiting" => Self::Waiting(Reason::Server),
            "accepted" => Self::Accepted {
                receipt: detail.into(),
            },
            "rejected" => {
                let (code, message) = detail.split_once(':').unwrap_or(("", detail));
                Self::Rejected {
                    code: code.into(),
                    message: message.trim_start().into(),
                }
            }
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_of_the_loader_are_understood() {
        let read = |state, detail| Progress::read(state, detail).expect("a known word");
        assert_eq!(read("kept", "durable"), Progress::Kept { durable: true });
        assert_eq!(read("kept", "memory"), Progress::Kept { durable: false });
        assert_eq!(read("waiting", "offline"), Progress::Waiting(Reason::Offline));
        assert_eq!(read("waiting", "server"), Progress::Waiting(Reason::Server));
        let receipt = "rcp_x".to_owned();
        assert_eq!(read("accepted", "rcp_x"), Progress::Accepted { receipt });
    }

    #[test]
    fn a_rejection_is_split_into_code_and_message_at_the_first_colon() {
        let rejected = Progress::read("rejected", "email_invalid: This: is not one");
        let message = "This: is not one".to_owned();
        assert_eq!(
            rejected,
            Some(Progress::Rejected {
                code: "email_invalid".to_owned(),
                message
            })
        );
    }

    #[test]
    fn a_rejection_without_a_code_keeps_its_message() {
        let rejected = Progress::read("rejected", "No");
        assert_eq!(
            rejected,
            Some(Progress::Rejected {
                code: String::new(),
                message: "No".to_owned()
            })
        );
    }

    #[test]
    fn a_word_from_the_future_is_passed_over() {
        assert_eq!(Progress::read("translated", "de"), None);
    }
}
