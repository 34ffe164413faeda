//! Who is signed in: nobody, somebody whose token is being checked, or the team of a project.

use std::fmt;

use crate::failure::Failure;

/// A secret that opens one project's console: `tk_<project>_<key id>.<mac>`.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(String);

impl Token {
    /// Reads what a person pasted. Line breaks and blanks that a terminal added are taken out.
    pub fn parse(pasted: &str) -> Result<Self, Notice> {
        let text: String = pasted.chars().filter(|c| !c.is_whitespace()).collect();
        if text.is_empty() {
            return Err(Notice::Empty);
        }
        if text.starts_with("pk_") {
            return Err(Notice::PublicKey);
        }
        // What does not even look like a token is not sent anywhere: it may be another secret, pasted by mistake.
        let printable = text.bytes().all(|b| b.is_ascii_graphic());
        let shaped = text
            .strip_prefix("tk_")
            .is_some_and(|rest| rest.contains('_') && rest.contains('.'));
        if printable && shaped {
            Ok(Self(text))
        } else {
            Err(Notice::NotAToken)
        }
    }

    /// The secret itself, for the request that carries it.
    pub fn secret(&self) -> &str {
        &self.0
    }

    /// The project that it opens.
    pub fn project(&self) -> &str {
        self.0
            .strip_prefix("tk_")
            .and_then(|rest| rest.split('_').next())
            .unwrap_or_default()
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Token(tk_{}_…)", self.project())
    }
}

/// Why the sign-in form is shown, where there is something to say.
#[derive(Clone, Debug, PartialEq)]
pub enum Notice {
    /// Nothing was pasted.
    Empty,
    /// The public key was pasted.
    PublicKey,
    /// Something else was pasted.
    NotAToken,
    /// The collector does not accept it.
    Wrong,
    /// It was accepted before and is no longer.
    Expired,
    /// It could not be checked.
    NotChecked(Failure),
    /// The person signed out.
    SignedOut,
}

impl Notice {
    /// What happened and what to do.
    pub fn sentence(&self) -> String {
        match self {
            Self::Empty => "Paste a token to sign in.".to_owned(),
            Self::PublicKey => {
                "This is the public key, which only sends. The token, which reads, starts with tk_."
                    .to_owned()
            }
            Self::NotAToken => {
                "This is not a token: one starts with tk_ and comes as one long line.".to_owned()
            }
            Self::Wrong => {
                "This token is not accepted here. Check that it was copied whole, and for this collector."
                    .to_owned()
            }
            Self::Expired => "You were signed out: the token is no longer accepted.".to_owned(),
            Self::NotChecked(failure) => format!("The token could not be checked. {}", failure.sentence()),
            Self::SignedOut => "You are signed out. The token was removed from this tab.".to_owned(),
        }
    }

    /// Whether something went wrong, as opposed to having been asked for.
    pub fn is_error(&self) -> bool {
        !matches!(self, Self::SignedOut)
    }
}

/// Who is signed in.
#[derive(Clone, Debug, PartialEq)]
pub enum Session {
    /// Nobody.
    SignedOut(Option<Notice>),
    /// Somebody, if the collector accepts the token.
    Checking(Token),
    /// The team of the token's project.
    SignedIn(Token),
}

/// What happens to a session.
#[derive(Clone, Debug, PartialEq)]
pub enum Action {
    /// The form was sent with this in the field.
    Submit(String),
    /// The collector's answer about the token being checked.
    Checked(Result<(), Failure>),
    /// The collector stopped accepting the token.
    Expire,
    /// The person wants to leave.
    SignOut,
}

/// What a session needs done.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// Ask the collector whether it accepts this token.
    Check(Token),
    /// Keep the token for this tab.
    Keep(Token),
    /// Remove the token from this tab.
    Forget,
}

impl Session {
    /// The session of a tab that kept this token. It is trusted until the first answer says otherwise, so that a
    /// reload shows the console at once.
    pub fn restored(kept: Option<&str>) -> Self {
        kept.and_then(|text| Token::parse(text).ok())
            .map_or(Self::SignedOut(None), Self::SignedIn)
    }
}

/// Decides what becomes of a session.
pub fn reduce(session: &Session, action: Action) -> (Session, Vec<Effect>) {
    let signed_out = |notice| Session::SignedOut(Some(notice));
    match (session, action) {
        (Session::SignedOut(_), Action::Submit(pasted)) => match Token::parse(&pasted) {
            Ok(token) => (Session::Checking(token.clone()), vec![Effect::Check(token)]),
            Err(notice) => (signed_out(notice), vec![]),
        },
        (Session::Checking(token), Action::Checked(answer)) => match answer {
            Ok(()) => (
                Session::SignedIn(token.clone()),
                vec![Effect::Keep(token.clone())],
            ),
            Err(Failure::Unauthorized) => (signed_out(Notice::Wrong), vec![]),
            Err(failure) => (signed_out(Notice::NotChecked(failure)), vec![]),
        },
        (Session::SignedIn(_), Action::Expire) => (signed_out(Notice::Expired), vec![Effect::Forget]),
        (Session::SignedIn(_), Action::SignOut) => (signed_out(Notice::SignedOut), vec![Effect::Forget]),
        (session, _) => (session.clone(), vec![]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOKEN: &str = "tk_demo_a.c2VjcmV0";

    fn token() -> Token {
        Token::parse(TOKEN).expect("a token")
    }

    #[test]
    fn a_token_is_kept_only_after_the_collector_accepted_it() {
        let (checking, effects) = reduce(&Session::SignedOut(None), Action::Submit(format!(" {TOKEN}\n")));
        assert_eq!(effects, [Effect::Check(token())]);
        let (signed_in, effects) = reduce(&checking, Action::Checked(Ok(())));
        assert_eq!(
            (signed_in, effects),
            (Session::SignedIn(token()), vec![Effect::Keep(token())])
        );
    }

    #[test]
    fn a_wrong_token_leads_back_to_the_form_with_the_reason() {
        let (state, effects) = reduce(
            &Session::Checking(token()),
            Action::Checked(Err(Failure::Unauthorized)),
        );
        assert_eq!(
            (state, effects),
            (Session::SignedOut(Some(Notice::Wrong)), vec![])
        );
    }

    #[test]
    fn an_unreachable_collector_is_not_called_a_wrong_token() {
        let (state, _) = reduce(
            &Session::Checking(token()),
            Action::Checked(Err(Failure::Unreachable)),
        );
        assert_eq!(
            state,
            Session::SignedOut(Some(Notice::NotChecked(Failure::Unreachable)))
        );
    }

    #[test]
    fn what_is_not_a_token_never_leaves_the_page() {
        for (pasted, notice) in [
            ("  ", Notice::Empty),
            ("pk_demo", Notice::PublicKey),
            ("hunter2", Notice::NotAToken),
            ("tk_demo", Notice::NotAToken),
            ("tk_demo_a.ü", Notice::NotAToken),
        ] {
            let (state, effects) = reduce(&Session::SignedOut(None), Action::Submit(pasted.to_owned()));
            assert_eq!(
                (state, effects),
                (Session::SignedOut(Some(notice)), vec![]),
                "{pasted}"
            );
        }
    }

    #[test]
    fn leaving_and_being_refused_both_remove_the_token_from_the_tab() {
        for action in [Action::SignOut, Action::Expire] {
            let (state, effects) = reduce(&Session::SignedIn(token()), action);
            assert!(matches!(state, Session::SignedOut(Some(_))));
            assert_eq!(effects, [Effect::Forget]);
        }
    }

    #[test]
    fn a_late_answer_changes_nothing_after_signing_out() {
        let out = Session::SignedOut(None);
        assert_eq!(reduce(&out, Action::Checked(Ok(()))), (out.clone(), vec![]));
    }

    #[test]
    fn a_token_names_its_project_and_hides_its_secret() {
        assert_eq!(token().project(), "demo");
        assert_eq!(format!("{:?}", token()), "Token(tk_demo_…)");
    }

    #[test]
    fn a_tab_that_kept_a_token_opens_signed_in() {
        assert_eq!(Session::restored(Some(TOKEN)), Session::SignedIn(token()));
        assert_eq!(Session::restored(Some("old nonsense")), Session::SignedOut(None));
        assert_eq!(Session::restored(None), Session::SignedOut(None));
    }
}
