//! A whole document as flat bytes, in one pass over its objects: no depth can overflow a stack.

use std::collections::HashMap;

use automerge::iter::{DocItem, MapRangeItem};
use automerge::{
    ChangeHash, ObjId, ObjType, Patch, PatchAction, Prop, ReadDoc, ScalarValue, ScalarValueRef, Value, ValueRef, ROOT,
};

use crate::bridge::ffi::Code;
use crate::changes::actor_bytes;
use crate::core::Core;
use crate::flat::Writer;
use crate::guard::{failure, Failure, Outcome};

/// Maps within maps below the root. Our deepest record has 2; a document nested 1,200 deep overflows a stack elsewhere.
pub const DEPTH_MAX: usize = 8;

mod kind {
    pub const REGISTER: u8 = 0;
    pub const MAP: u8 = 1;
    pub const TEXT: u8 = 2;
    pub const OTHER: u8 = 3;
}

mod scalar {
    pub const NULL: u8 = 0;
    pub const FALSE: u8 = 1;
    pub const TRUE: u8 = 2;
    pub const INTEGER: u8 = 3;
    pub const STRING: u8 = 4;
    pub const BYTES: u8 = 5;
    pub const FOREIGN: u8 = 6;
}

/// Number of maps; of each its index, its number of keys, and these with their nodes; then the actors that the operations name by
/// index. A map gets its index, from 0, where its node stands; the root has 0 and no node.
pub fn content(core: &Core, heads: Option<&[ChangeHash]>) -> Outcome {
    let mut walk =
        Walk { core, heads, out: Writer::default(), maps: HashMap::new(), actors: HashMap::new(), names: Vec::new() };
    walk.all_maps()?;
    let Walk { mut out, names, .. } = walk;
    out.u32(names.len() / crate::core::ACTOR_BYTES);
    out.raw(&names);
    Ok(out.bytes)
}

/// Counter and Automerge's index of the actor: cheaper to look up than an ObjId, and as good within one document.
type Place = (u64, usize);

fn place(id: &ObjId) -> Place {
    match id {
        ObjId::Root => (0, 0),
        ObjId::Id(counter, _, actor) => (*counter, *actor),
    }
}

struct Walk<'a> {
    core: &'a Core,
    heads: Option<&'a [ChangeHash]>,
    out: Writer,
    /// Index and depth.
    maps: HashMap<Place, (usize, usize)>,
    /// Automerge's index of an actor to ours.
    actors: HashMap<usize, usize>,
    names: Vec<u8>,
}

impl Walk<'_> {
    /// Automerge hands out all that can be seen, object by object, an object after the one that it is in.
    fn all_maps(&mut self) -> Result<(), Failure> {
        self.maps.insert(place(&ROOT), (0, 0));
        let maps_at = self.out.hole();
        let mut maps = 0;
        let mut current = None;
        let (mut depth, mut count_at, mut count) = (0, 0, 0);
        for entry in self.core.doc.iter_at(ROOT, self.heads) {
            let DocItem::Map(item) = entry.item else { continue };
            if current != Some(place(&entry.obj)) {
                let Some((index, its_depth)) = self.maps.get(&place(&entry.obj)).copied() else { continue };
                if maps != 0 {
                    self.out.fill(count_at, count);
                }
                (current, depth, count) = (Some(place(&entry.obj)), its_depth, 0);
                maps += 1;
                self.out.u32(index);
                count_at = self.out.hole();
            }
            self.out.block(item.key.as_bytes());
            self.value(&entry.obj, &item, depth)?;
            count += 1;
        }
        if maps != 0 {
            self.out.fill(count_at, count);
        }
        self.out.fill(maps_at, maps);
        Ok(())
    }

    fn value(&mut self, map: &ObjId, item: &MapRangeItem<'_>, depth: usize) -> Result<(), Failure> {
        let id = item.id();
        let kind = match &item.value {
            ValueRef::Scalar(_) => kind::REGISTER,
            ValueRef::Object(ObjType::Map) => kind::MAP,
            ValueRef::Object(ObjType::Text) => kind::TEXT,
            ValueRef::Object(_) => kind::OTHER,
        };
        self.out.u8(kind);
        match &item.value {
            _ if item.conflict => self.concurrent(map, &item.key, kind != kind::REGISTER)?,
            ValueRef::Scalar(winner) => {
                self.out.u32(1);
                self.origin(&id)?;
                self.scalar_ref(winner);
            }
            ValueRef::Object(_) => self.out.u32(0),
        }
        match kind {
            kind::MAP if depth == DEPTH_MAX => {
                failure(Code::TooDeep, format!("maps are nested more than {DEPTH_MAX} deep"))
            }
            kind::MAP => {
                self.maps.insert(place(&id), (self.maps.len(), depth + 1));
                Ok(())
            }
            kind::TEXT => self.text(&id),
            _ => Ok(()),
        }
    }

    /// All values at a key, winner first. Behind a winner that is an object only the losers: the object itself follows.
    fn concurrent(&mut self, map: &ObjId, key: &str, skip_winner: bool) -> Result<(), Failure> {
        let doc = &self.core.doc;
        let all = match self.heads {
            Some(heads) => doc.get_all_at(map, key, heads),
            None => doc.get_all(map, key),
        };
        let mut all = all.map_err(damaged)?;
        all.reverse(); // Automerge lists the winner last
        let listed = &all[usize::from(skip_winner).min(all.len())..];
        self.out.u32(listed.len());
        for (value, id) in listed {
            self.origin(id)?;
            match value {
                Value::Scalar(scalar) => self.scalar(scalar),
                Value::Object(object) => self.foreign(&object.to_string()),
            }
        }
        Ok(())
    }

    fn text(&mut self, id: &ObjId) -> Result<(), Failure> {
        let text = match self.heads {
            Some(heads) => self.core.doc.text_at(id, heads),
            None => self.core.doc.text(id),
        };
        self.out.block(text.map_err(damaged)?.as_bytes());
        Ok(())
    }

    fn origin(&mut self, id: &ObjId) -> Result<(), Failure> {
        let ObjId::Id(counter, actor, index) = id else {
            return failure(Code::Damaged, "a value has no operation");
        };
        let ours = match self.actors.get(index) {
            Some(ours) => *ours,
            None => {
                let ours = self.actors.len();
                self.names.extend_from_slice(actor_bytes(actor)?);
                self.actors.insert(*index, ours);
                ours
            }
        };
        self.out.u64(*counter);
        self.out.u32(ours);
        Ok(())
    }

    fn scalar_ref(&mut self, value: &ScalarValueRef<'_>) {
        match value {
            ScalarValueRef::Null => self.out.u8(scalar::NULL),
            ScalarValueRef::Boolean(value) => self.boolean(*value),
            ScalarValueRef::Int(value) => self.integer(*value),
            ScalarValueRef::Str(value) => self.block(scalar::STRING, value.as_bytes()),
            ScalarValueRef::Bytes(value) => self.block(scalar::BYTES, value),
            ScalarValueRef::Uint(value) => self.foreign(&format!("unsigned {value}")),
            ScalarValueRef::F64(value) => self.foreign(&format!("float {value}")),
            ScalarValueRef::Counter(value) => self.foreign(&format!("counter {value}")),
            ScalarValueRef::Timestamp(value) => self.foreign(&format!("timestamp {value}")),
            ScalarValueRef::Unknown { type_code, bytes } => self.unknown(*type_code, bytes),
        }
    }

    fn scalar(&mut self, value: &ScalarValue) {
        match value {
            ScalarValue::Null => self.out.u8(scalar::NULL),
            ScalarValue::Boolean(value) => self.boolean(*value),
            ScalarValue::Int(value) => self.integer(*value),
            ScalarValue::Str(value) => self.block(scalar::STRING, value.as_bytes()),
            ScalarValue::Bytes(value) => self.block(scalar::BYTES, value),
            ScalarValue::Uint(value) => self.foreign(&format!("unsigned {value}")),
            ScalarValue::F64(value) => self.foreign(&format!("float {value}")),
            ScalarValue::Counter(value) => self.foreign(&format!("counter {}", i64::from(value))),
            ScalarValue::Timestamp(value) => self.foreign(&format!("timestamp {value}")),
            ScalarValue::Unknown { type_code, bytes } => self.unknown(*type_code, bytes),
        }
    }

    fn boolean(&mut self, value: bool) {
        self.out.u8(if value { scalar::TRUE } else { scalar::FALSE });
    }
    fn integer(&mut self, value: i64) {
        self.out.u8(scalar::INTEGER);
        self.out.i64(value);
    }
    fn block(&mut self, tag: u8, value: &[u8]) {
        self.out.u8(tag);
        self.out.block(value);
    }
    fn foreign(&mut self, text: &str) {
        self.block(scalar::FOREIGN, text.as_bytes());
    }
    fn unknown(&mut self, code: u8, bytes: &[u8]) {
        let digits: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        self.foreign(&format!("type {code}: {digits}"));
    }
}

fn damaged(error: automerge::AutomergeError) -> Failure {
    Failure { code: Code::Damaged, message: error.to_string() }
}

mod patch {
    pub const PUT: u8 = 0;
    pub const REMOVED: u8 = 1;
    pub const TEXT_CHANGED: u8 = 2;
    pub const CONFLICT: u8 = 3;
}

/// Each: kind, number of path segments, the segments. What happens inside a list shows as a change of the list.
pub fn patches(core: &Core, before: &[ChangeHash], after: &[ChangeHash]) -> Vec<u8> {
    let mut out = Writer::default();
    for found in core.doc.diff(before, after) {
        match &found.action {
            PatchAction::PutMap { key, conflict: false, .. } => write_patch(&mut out, patch::PUT, &found, Some(key)),
            PatchAction::PutMap { key, conflict: true, .. } => {
                write_patch(&mut out, patch::CONFLICT, &found, Some(key))
            }
            PatchAction::Conflict { prop: Prop::Map(key) } => write_patch(&mut out, patch::CONFLICT, &found, Some(key)),
            PatchAction::Increment { prop: Prop::Map(key), .. } => write_patch(&mut out, patch::PUT, &found, Some(key)),
            PatchAction::DeleteMap { key } => write_patch(&mut out, patch::REMOVED, &found, Some(key)),
            _ => write_patch(&mut out, patch::TEXT_CHANGED, &found, None),
        }
    }
    out.bytes
}

fn write_patch(out: &mut Writer, kind: u8, found: &Patch, key: Option<&String>) {
    let mut path: Vec<&str> = Vec::new();
    for (_, prop) in &found.path {
        match prop {
            Prop::Map(key) => path.push(key),
            Prop::Seq(_) => break,
        }
    }
    path.extend(key.map(String::as_str));
    out.u8(kind);
    out.u32(path.len());
    for segment in path {
        out.block(segment.as_bytes());
    }
}
