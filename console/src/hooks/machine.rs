//! A pure reducer with effects, as a hook.

use std::cell::RefCell;
use std::rc::Rc;

use yew::prelude::*;

type Reduce<S, A, E> = fn(&S, A) -> (S, Vec<E>);
type Run<A, E> = Box<dyn Fn(E, &Callback<A>)>;

/// What a component gets: the state as it is now, and the way to send actions.
pub(crate) struct Machine<S, A> {
    /// The state.
    pub(crate) state: Rc<S>,
    /// Sends an action. The same callback for the component's whole life.
    pub(crate) send: Callback<A>,
}

/// Runs a reducer for as long as the component lives. `run` carries out its effects; it is the one of the first
/// render, so what it holds must not change.
#[hook]
pub(crate) fn use_machine<S, A, E>(
    start: impl FnOnce() -> S,
    reduce: Reduce<S, A, E>,
    run: impl Fn(E, &Callback<A>) + 'static,
) -> Machine<S, A>
where
    S: 'static,
    A: 'static,
    E: 'static,
{
    let redraw = use_force_update();
    let core = use_memo((), |()| {
        let state = RefCell::new(Rc::new(start()));
        Core {
            state,
            reduce,
            run: Box::new(run),
            redraw: Box::new(move || redraw.force_update()),
        }
    });
    let send = use_memo((), {
        let core = Rc::clone(&core);
        |()| sender(core)
    });
    let state = Rc::clone(&core.state.borrow());
    Machine {
        state,
        send: (*send).clone(),
    }
}

struct Core<S, A, E> {
    state: RefCell<Rc<S>>,
    reduce: Reduce<S, A, E>,
    run: Run<A, E>,
    redraw: Box<dyn Fn()>,
}

fn sender<S: 'static, A: 'static, E: 'static>(core: Rc<Core<S, A, E>>) -> Callback<A> {
    Callback::from(move |action| {
        let state = Rc::clone(&core.state.borrow());
        let (after, effects) = (core.reduce)(&state, action);
        core.state.replace(Rc::new(after));
        (core.redraw)();
        // Effects run last, with nothing borrowed: some send their own action at once.
        for effect in effects {
            (core.run)(effect, &sender(Rc::clone(&core)));
        }
    })
}
