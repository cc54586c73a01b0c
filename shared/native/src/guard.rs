//! No panic crosses the border: cxx would abort the process. A document in which one happened is given up.

use std::cell::RefCell;
use std::panic::{catch_unwind, set_hook, AssertUnwindSafe};
use std::sync::Once;

use crate::bridge::ffi::{Code, Reply};
use crate::core::Core;

/// An expected failure.
pub struct Failure {
    pub code: Code,
    pub message: String,
}

pub fn failure<T>(code: Code, message: impl Into<String>) -> Result<T, Failure> {
    Err(Failure { code, message: message.into() })
}

pub type Outcome = Result<Vec<u8>, Failure>;

thread_local! {
    static WHERE: RefCell<String> = const { RefCell::new(String::new()) };
}

/// Panics are expected input here (hostile changes): they are reported by value, not printed.
pub fn silence_panics() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        set_hook(Box::new(|info| {
            let place = info.location().map(|at| format!("{}:{}", at.file(), at.line())).unwrap_or_default();
            WHERE.with(|slot| *slot.borrow_mut() = place);
        }))
    });
}

/// Runs `work` on a document that is still whole.
pub fn guarded(core: &mut Core, work: impl FnOnce(&mut Core) -> Outcome) -> Reply {
    if core.poisoned {
        return reply(Code::Poisoned, "an earlier call failed inside it".into());
    }
    match catch_unwind(AssertUnwindSafe(|| work(core))) {
        Ok(Ok(bytes)) => Reply { code: Code::Ok, message: String::new(), bytes },
        Ok(Err(failure)) => reply(failure.code, failure.message),
        Err(payload) => {
            // the payload and the document may be in any state: their destructors run under a guard, too
            let _ = catch_unwind(AssertUnwindSafe(|| drop(payload)));
            let _ = catch_unwind(AssertUnwindSafe(|| core.abandon()));
            core.poisoned = true;
            reply(Code::Poisoned, WHERE.with(|slot| format!("panic at {}", slot.borrow())))
        }
    }
}

fn reply(code: Code, message: String) -> Reply {
    Reply { code, message, bytes: Vec::new() }
}
