//! Changes in and out of a document.

use std::collections::{HashMap, HashSet};

use automerge::{ActorId, Change, ChangeHash, ObjId, ReadDoc};

use crate::bridge::ffi::Code;
use crate::core::{hash_from, is_plain_change, Core, Latest, ACTOR_BYTES};
use crate::flat::{Reader, Writer};
use crate::guard::{failure, Failure, Outcome};

/// Takes in change chunks that stand in causal order. All that Automerge would answer with a panic, or would keep for later,
/// is looked for first, so that an expected failure leaves the document as it was.
pub fn apply(core: &mut Core, mut batch: Reader<'_>) -> Outcome {
    let mut fresh: Vec<Change> = Vec::new();
    let mut coming: HashSet<ChangeHash> = HashSet::new();
    let mut latest: HashMap<ActorId, Latest> = HashMap::new();
    while !batch.is_empty() {
        let change = parse(batch.block())?;
        let hash = change.hash();
        if coming.contains(&hash) || core.doc.get_change_meta_by_hash(&hash).is_some() {
            continue;
        }
        let known = |dep: &ChangeHash| coming.contains(dep) || core.doc.get_change_meta_by_hash(dep).is_some();
        if let Some(dep) = change.deps().iter().find(|dep| !known(dep)) {
            return failure(Code::Missing, format!("change {hash} builds on {dep}, which is not here"));
        }
        let actor = change.actor_id().clone();
        let last = latest.get(&actor).copied().unwrap_or_else(|| core.latest_of(&actor));
        if change.seq() != last.seq + 1 {
            return failure(
                Code::OutOfOrder,
                format!("change {hash} has number {}, not {}", change.seq(), last.seq + 1),
            );
        }
        latest.insert(actor, Latest { seq: change.seq(), hash: hash.0 });
        coming.insert(hash);
        fresh.push(change);
    }
    if fresh.is_empty() {
        return Ok(Vec::new());
    }
    core.changing();
    if let Err(error) = core.doc.apply_changes(fresh) {
        // Automerge does not promise to have changed nothing
        core.poisoned = true;
        core.abandon();
        return failure(Code::BadChange, error.to_string());
    }
    for (actor, last) in latest {
        core.note(&actor, last);
    }
    Ok(Vec::new())
}

fn parse(chunk: &[u8]) -> Result<Change, Failure> {
    if !is_plain_change(chunk) {
        return failure(Code::BadChange, "it is no plain change chunk");
    }
    match Change::from_bytes(chunk.to_vec()) {
        Ok(change) => Ok(change),
        Err(error) => failure(Code::BadChange, error.to_string()),
    }
}

pub fn since(core: &mut Core, heads: &[u8]) -> Outcome {
    let heads = core.known_heads(heads)?;
    let mut out = Writer::default();
    for change in core.doc.get_changes(&heads) {
        write(&change, &mut out)?;
    }
    Ok(out.bytes)
}

/// The change, or nothing.
pub fn one(core: &mut Core, hash: &[u8]) -> Outcome {
    let mut out = Writer::default();
    if let Some(change) = core.doc.get_change_by_hash(&hash_from(hash)?) {
        write(&change, &mut out)?;
    }
    Ok(out.bytes)
}

pub fn write(change: &Change, out: &mut Writer) -> Result<(), Failure> {
    out.raw(&change.hash().0);
    out.raw(actor_bytes(change.actor_id())?);
    out.u64(change.seq());
    out.u64(change.start_op().get());
    out.u64(change.max_op());
    out.u32(change.deps().len());
    for dep in change.deps() {
        out.raw(&dep.0);
    }
    out.i64(change.timestamp());
    out.block(change.message().unwrap_or_default().as_bytes());
    out.block(change.raw_bytes());
    Ok(())
}

/// Our ids are 16 bytes; other writers may use other lengths, and their documents are not ours to read.
pub fn actor_bytes(actor: &ActorId) -> Result<&[u8], Failure> {
    let bytes = actor.to_bytes();
    if bytes.len() == ACTOR_BYTES {
        Ok(bytes)
    } else {
        failure(Code::Damaged, format!("it names an author of {} bytes instead of 16", bytes.len()))
    }
}

/// The hash of the change that made an operation, or nothing.
pub fn of_operation(core: &mut Core, actor: &[u8], counter: u64) -> Outcome {
    // the index is only a hint: Automerge looks the actor up
    let id = ObjId::Id(counter, ActorId::from(actor), usize::MAX);
    Ok(core.doc.hash_for_opid(&id).map(|hash| hash.0.to_vec()).unwrap_or_default())
}
