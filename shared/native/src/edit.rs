//! Changes made here: an edit of a record, and the genesis of a record type.

use std::mem::ManuallyDrop;

use automerge::transaction::{CommitOptions, Transactable, Transaction};
use automerge::{ActorId, AutomergeError, ObjId, ObjType, ReadDoc, ScalarValue, Value, ROOT};
use unicode_segmentation::UnicodeSegmentation;

use crate::bridge::ffi::Code;
use crate::changes;
use crate::core::{Core, Latest};
use crate::flat::{Reader, Writer};
use crate::guard::{failure, Failure, Outcome};

mod step {
    pub const PUT: u8 = 0;
    pub const PUT_MAP: u8 = 1;
    pub const SET_TEXT: u8 = 2;
    pub const REMOVE: u8 = 3;
    pub const TOUCH: u8 = 4;
}

/// One change of all edits, written out; nothing if they change nothing.
pub fn commit(core: &mut Core, actor: &[u8], mut edits: Reader<'_>) -> Outcome {
    in_one_change(core, actor, |tx| {
        let mut changed: Vec<Vec<&str>> = Vec::new(); // maps in which something was written
        while !edits.is_empty() {
            let segments = edits.u32();
            let path = (0..segments).map(|_| text(edits.block())).collect::<Result<Vec<_>, _>>()?;
            let before = tx.pending_ops();
            let is_changed = path.split_last().is_some_and(|(_, map)| changed.iter().any(|one| one == map));
            apply_step(tx, &path, &mut edits, is_changed)?;
            if tx.pending_ops() > before && !is_changed {
                changed.extend(path.split_last().map(|(_, map)| map.to_vec()));
            }
        }
        Ok(())
    })
}

/// Containers, then marks, in the order given, on top of what the document holds.
pub fn genesis(core: &mut Core, actor: &[u8], mut request: Reader<'_>) -> Outcome {
    in_one_change(core, actor, |tx| {
        for _ in 0..request.u32() {
            let kind = if request.u8() == 0 { ObjType::Map } else { ObjType::Text };
            let key = text(request.block())?;
            if !tx.get_all(ROOT, key).map_err(refused)?.is_empty() {
                return failure(Code::BadArgument, format!("{key} is taken"));
            }
            tx.put_object(ROOT, key, kind).map_err(refused)?;
        }
        for _ in 0..request.u32() {
            let key = text(request.block())?;
            put(tx, &ROOT, key, scalar(&mut request)?)?;
        }
        Ok(())
    })
}

fn in_one_change(
    core: &mut Core,
    actor: &[u8],
    work: impl FnOnce(&mut Transaction<'_>) -> Result<(), Failure>,
) -> Outcome {
    core.changing();
    core.doc.set_actor(ActorId::from(actor));
    // not dropped while a panic unwinds: its destructor rolls back, and a second panic in there would end the process
    let mut tx = ManuallyDrop::new(core.doc.transaction());
    let worked = work(&mut tx);
    let tx = ManuallyDrop::into_inner(tx);
    if worked.is_err() || tx.pending_ops() == 0 {
        tx.rollback();
        return worked.map(|()| Vec::new());
    }
    let (hash, _) = tx.commit_with(CommitOptions::default().with_time(0)); // times travel beside changes, not in them
    let hash = hash.expect("a transaction with operations makes a change");
    let change = core.doc.get_change_by_hash(&hash).expect("a change just made is here");
    core.note(change.actor_id(), Latest { seq: change.seq(), hash: hash.0 });
    let mut out = Writer::default();
    changes::write(&change, &mut out)?;
    Ok(out.bytes)
}

fn apply_step(
    tx: &mut Transaction<'_>,
    path: &[&str],
    edits: &mut Reader<'_>,
    is_changed: bool,
) -> Result<(), Failure> {
    let Some((key, parents)) = path.split_last() else {
        return failure(Code::BadArgument, "an edit without a path");
    };
    let parent = descend(tx, parents)?;
    match edits.u8() {
        step::PUT => put(tx, &parent, key, scalar(edits)?),
        step::PUT_MAP => put_map(tx, &parent, key),
        step::SET_TEXT => set_text(tx, &parent, key, text(edits.block())?),
        step::REMOVE => tx.delete(&parent, *key).map_err(refused),
        step::TOUCH if !is_changed => Ok(()),
        step::TOUCH => touch(tx, &parent, key),
        other => unreachable!("step {other}"),
    }
}

fn descend(tx: &Transaction<'_>, path: &[&str]) -> Result<ObjId, Failure> {
    let mut at = ROOT;
    for key in path {
        at = match tx.get(&at, *key).map_err(refused)? {
            Some((Value::Object(ObjType::Map), id)) => id,
            _ => return failure(Code::BadArgument, format!("there is no map at {key}")),
        };
    }
    Ok(at)
}

fn put(tx: &mut Transaction<'_>, map: &ObjId, key: &str, value: ScalarValue) -> Result<(), Failure> {
    // a value over a container would hide all that is in it
    if matches!(tx.get(map, key).map_err(refused)?, Some((Value::Object(_), _))) {
        return failure(Code::BadArgument, format!("{key} is a container"));
    }
    tx.put(map, key, value).map_err(refused)
}

/// "No" or nothing, whichever does not stand there: Automerge passes over a value that is there already, and then nobody could see that
/// the map was written again. A "yes" that the author has before him stays: an edit neither brings back nor decides.
fn touch(tx: &mut Transaction<'_>, map: &ObjId, key: &str) -> Result<(), Failure> {
    let says_yes = |(value, _): &(Value<'_>, ObjId)| matches!(value, Value::Scalar(value) if **value == ScalarValue::Boolean(true));
    if tx.get_all(map, key).map_err(refused)?.iter().any(says_yes) {
        return Ok(());
    }
    let is_no = matches!(tx.get(map, key).map_err(refused)?, Some((Value::Scalar(value), _)) if *value == ScalarValue::Boolean(false));
    put(tx, map, key, if is_no { ScalarValue::Null } else { ScalarValue::Boolean(false) })
}

fn put_map(tx: &mut Transaction<'_>, map: &ObjId, key: &str) -> Result<(), Failure> {
    match tx.get(map, key).map_err(refused)? {
        None => tx.put_object(map, key, ObjType::Map).map(|_| ()).map_err(refused),
        Some((Value::Object(ObjType::Map), _)) => Ok(()), // it is there: a second one would hide the first
        Some(_) => failure(Code::BadArgument, format!("{key} is taken")),
    }
}

fn set_text(tx: &mut Transaction<'_>, map: &ObjId, key: &str, new: &str) -> Result<(), Failure> {
    let Some((Value::Object(ObjType::Text), id)) = tx.get(map, key).map_err(refused)? else {
        return failure(Code::BadArgument, format!("there is no text at {key}"));
    };
    let old = tx.text(&id).map_err(refused)?;
    if old == new {
        return Ok(());
    }
    let (at, removed, inserted) = smallest_splice(&old, new);
    tx.splice_text(&id, at, removed, inserted).map_err(refused)
}

/// Where, how many scalar values go, and what comes instead. Cuts only between grapheme clusters, so that an emoji or an accented
/// letter is replaced whole and two people's halves never meet in one.
fn smallest_splice<'a>(old: &str, new: &'a str) -> (usize, isize, &'a str) {
    let same = |(a, b): &(&str, &str)| a == b;
    let prefix: usize =
        old.graphemes(true).zip(new.graphemes(true)).take_while(same).map(|(cluster, _)| cluster.len()).sum();
    let (old_rest, new_rest) = (&old[prefix..], &new[prefix..]);
    let suffix: usize = old_rest
        .graphemes(true)
        .rev()
        .zip(new_rest.graphemes(true).rev())
        .take_while(same)
        .map(|(cluster, _)| cluster.len())
        .sum();
    let removed = old_rest[..old_rest.len() - suffix].chars().count();
    (old[..prefix].chars().count(), removed as isize, &new_rest[..new_rest.len() - suffix])
}

fn scalar(from: &mut Reader<'_>) -> Result<ScalarValue, Failure> {
    Ok(match from.u8() {
        0 => ScalarValue::Null,
        1 => ScalarValue::Boolean(false),
        2 => ScalarValue::Boolean(true),
        3 => ScalarValue::Int(from.i64()),
        4 => ScalarValue::Str(text(from.block())?.into()),
        5 => ScalarValue::Bytes(from.block().to_vec()),
        _ => return failure(Code::BadArgument, "a value of a foreign type cannot be written"),
    })
}

fn text(bytes: &[u8]) -> Result<&str, Failure> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok(text),
        Err(_) => failure(Code::BadArgument, "a text is not UTF-8"),
    }
}

fn refused(error: AutomergeError) -> Failure {
    Failure { code: Code::BadArgument, message: error.to_string() }
}
