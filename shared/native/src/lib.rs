//! The one Rust archive of the product: SQLCipher and the bridge to Automerge.

use libsqlite3_sys as _; // keeps sqlite3_* in the archive; C++ uses the ordinary C interface
