//! What the gate asks of a document. The decisions are made in C++.

use automerge::{ActorId, ObjId, ReadDoc};

use crate::bridge::ffi::Code;
use crate::core::Core;
use crate::flat::Writer;
use crate::guard::{failure, Failure, Outcome};
use crate::read;

/// Is the change here? The actor's last number and change; then for each of `deps` its greatest operation, u64::MAX if it is not here.
pub fn facts(core: &mut Core, hash: &[u8], actor: &[u8], deps: &[u8]) -> Outcome {
    let mut out = Writer::default();
    out.u8(u8::from(core.meta(hash)?.is_some()));
    let latest = core.latest_of(&ActorId::from(actor));
    out.u64(latest.seq);
    out.raw(&latest.hash);
    for dep in deps.chunks(32) {
        out.u64(core.meta(dep)?.map_or(u64::MAX, |meta| meta.max_op));
    }
    Ok(out.bytes)
}

/// Refuses when one of the objects that an actor made with the operations `made` lies too deep, seen or hidden.
pub fn deepest(core: &mut Core, actor: &[u8], made: &[u64]) -> Outcome {
    for counter in made {
        let object = ObjId::Id(*counter, ActorId::from(actor), usize::MAX);
        let parents = core.doc.parents(&object).map_err(|error| damaged(error.to_string()))?;
        if parents.take(read::DEPTH_MAX + 1).count() > read::DEPTH_MAX {
            return failure(Code::TooDeep, format!("maps are nested more than {} deep", read::DEPTH_MAX));
        }
    }
    Ok(Vec::new())
}

/// Saves, loads, and compares heads, content and the bytes of a second save: some changes that Automerge accepts save a document
/// that never loads again. `other` becomes the loaded document. The answer: number of actors, of operations, the saved bytes.
pub fn verify(core: &mut Core, other: &mut Core) -> Outcome {
    let saved = core.doc.save_nocompress();
    let mut loaded = Core::new();
    loaded.load_saved(&saved)?;
    if loaded.doc.get_heads() != core.doc.get_heads() {
        return failure(Code::Damaged, "it loads with other heads");
    }
    if loaded.doc.save_nocompress() != saved {
        return failure(Code::Damaged, "it saves differently after loading");
    }
    if loaded.content()? != core.content()? {
        return failure(Code::Damaged, "it reads differently after loading");
    }
    let stats = loaded.doc.stats();
    let mut out = Writer::default();
    out.u64(stats.num_actors);
    out.u64(stats.num_ops);
    out.raw(&saved);
    loaded.share_index(core);
    *other = loaded;
    Ok(out.bytes)
}

fn damaged(message: String) -> Failure {
    Failure { code: Code::Damaged, message }
}
