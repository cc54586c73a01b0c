//! The one Rust archive of the product: SQLCipher and the bridge to Automerge.
//!
//! Nothing here decides anything about records: it moves documents and changes across the language border as flat bytes, and
//! turns every panic into an answer. `conflict/automerge-cpp` is the only user of the bridge.

mod bridge;
mod changes;
mod core;
mod edit;
mod flat;
mod gate;
mod guard;
mod read;

use libsqlite3_sys as _; // keeps sqlite3_* in the archive; C++ uses the ordinary C interface
