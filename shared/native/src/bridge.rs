//! The border: what C++ can call. Every function answers with a Reply; none throws, none aborts.

use automerge::ActorId;

use crate::core::Core;
use crate::flat::Reader;
use crate::guard::{guarded, silence_panics};
use crate::{changes, edit, gate, read};

#[cxx::bridge(namespace = "roadbook::automerge::bridge")]
pub mod ffi {
    enum Code {
        Ok,
        BadArgument,
        BadChange,
        OutOfOrder,
        Missing,
        Damaged,
        Poisoned,
        TooDeep,
    }

    /// `bytes` is the flat answer if `code` is Ok; else `message` says what was wrong.
    struct Reply {
        code: Code,
        message: String,
        bytes: Vec<u8>,
    }

    extern "Rust" {
        type Core;

        fn core_new() -> Box<Core>;
        fn load(self: &mut Core, saved: &[u8]) -> Reply;
        fn save(self: &mut Core, compressed: bool) -> Reply;
        fn fork_into(self: &mut Core, other: &mut Core) -> Reply;
        fn fork_at_into(self: &mut Core, heads: &[u8], other: &mut Core) -> Reply;
        fn apply(self: &mut Core, changes: &[u8]) -> Reply;
        fn heads(self: &mut Core) -> Reply;
        fn has(self: &mut Core, hash: &[u8]) -> Reply;
        fn changes_since(self: &mut Core, heads: &[u8]) -> Reply;
        fn change(self: &mut Core, hash: &[u8]) -> Reply;
        fn last_seq(self: &mut Core, actor: &[u8]) -> Reply;
        fn operations(self: &mut Core) -> Reply;
        fn read(self: &mut Core) -> Reply;
        fn read_at(self: &mut Core, heads: &[u8]) -> Reply;
        fn change_of(self: &mut Core, actor: &[u8], counter: u64) -> Reply;
        fn patches(self: &mut Core, before: &[u8], after: &[u8]) -> Reply;
        fn commit(self: &mut Core, actor: &[u8], edits: &[u8]) -> Reply;
        fn genesis(self: &mut Core, actor: &[u8], request: &[u8]) -> Reply;

        fn facts(self: &mut Core, hash: &[u8], actor: &[u8], deps: &[u8]) -> Reply;
        fn deepest(self: &mut Core, actor: &[u8], made: &[u64]) -> Reply;
        fn verify_into(self: &mut Core, other: &mut Core) -> Reply;
    }
}

use ffi::Reply;

fn core_new() -> Box<Core> {
    silence_panics();
    Box::new(Core::new())
}

impl Core {
    fn load(&mut self, saved: &[u8]) -> Reply {
        guarded(self, |core| core.load_saved(saved))
    }
    fn save(&mut self, compressed: bool) -> Reply {
        guarded(self, |core| Ok(if compressed { core.doc.save() } else { core.doc.save_nocompress() }))
    }
    fn fork_into(&mut self, other: &mut Core) -> Reply {
        guarded(self, |core| core.fork_to(other))
    }
    fn fork_at_into(&mut self, heads: &[u8], other: &mut Core) -> Reply {
        guarded(self, |core| core.fork_at_to(heads, other))
    }
    fn apply(&mut self, batch: &[u8]) -> Reply {
        guarded(self, |core| changes::apply(core, Reader::new(batch)))
    }
    fn heads(&mut self) -> Reply {
        guarded(self, |core| Ok(core.doc.get_heads().iter().flat_map(|head| head.0).collect()))
    }
    fn has(&mut self, hash: &[u8]) -> Reply {
        guarded(self, |core| Ok(vec![u8::from(core.meta(hash)?.is_some())]))
    }
    fn changes_since(&mut self, heads: &[u8]) -> Reply {
        guarded(self, |core| changes::since(core, heads))
    }
    fn change(&mut self, hash: &[u8]) -> Reply {
        guarded(self, |core| changes::one(core, hash))
    }
    fn last_seq(&mut self, actor: &[u8]) -> Reply {
        guarded(self, |core| Ok(core.latest_of(&ActorId::from(actor)).seq.to_le_bytes().to_vec()))
    }
    fn operations(&mut self) -> Reply {
        guarded(self, |core| Ok(core.max_op().to_le_bytes().to_vec()))
    }
    fn read(&mut self) -> Reply {
        guarded(self, |core| Ok(core.content()?.to_vec()))
    }
    fn read_at(&mut self, heads: &[u8]) -> Reply {
        guarded(self, |core| {
            let heads = core.known_heads(heads)?;
            Ok(core.content_at(&heads)?.to_vec())
        })
    }
    fn change_of(&mut self, actor: &[u8], counter: u64) -> Reply {
        guarded(self, |core| changes::of_operation(core, actor, counter))
    }
    fn patches(&mut self, before: &[u8], after: &[u8]) -> Reply {
        guarded(self, |core| {
            let (before, after) = (core.known_heads(before)?, core.known_heads(after)?);
            Ok(read::patches(core, &before, &after))
        })
    }
    fn commit(&mut self, actor: &[u8], edits: &[u8]) -> Reply {
        guarded(self, |core| edit::commit(core, actor, Reader::new(edits)))
    }
    fn genesis(&mut self, actor: &[u8], request: &[u8]) -> Reply {
        guarded(self, |core| edit::genesis(core, actor, Reader::new(request)))
    }
    fn facts(&mut self, hash: &[u8], actor: &[u8], deps: &[u8]) -> Reply {
        guarded(self, |core| gate::facts(core, hash, actor, deps))
    }
    fn deepest(&mut self, actor: &[u8], made: &[u64]) -> Reply {
        guarded(self, |core| gate::deepest(core, actor, made))
    }
    fn verify_into(&mut self, other: &mut Core) -> Reply {
        guarded(self, |core| gate::verify(core, other))
    }
}
