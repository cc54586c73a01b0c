//! One Automerge document and what the bridge knows about it.

use std::collections::HashMap;
use std::sync::Arc;

use automerge::{ActorId, Automerge, ChangeHash, ChangeMetadata, LoadOptions, ReadDoc, TextEncoding};

use crate::bridge::ffi::Code;
use crate::guard::{failure, Failure, Outcome};
use crate::read;

pub const ACTOR_BYTES: usize = 16;
/// Indices in a text count Unicode scalar values: a splice can never cut one in two.
const TEXT: TextEncoding = TextEncoding::UnicodeCodePoint;
/// The type byte of an uncompressed change chunk, and where it stands.
const CHANGE_CHUNK: u8 = 1;
const CHUNK_TYPE_AT: usize = 8;

pub struct Core {
    pub doc: Automerge,
    pub poisoned: bool,
    /// The last change of each actor: Automerge keeps that to itself. Made on first need, shared by forks.
    latest: Option<Arc<HashMap<ActorId, Latest>>>,
    /// What `read::content` gave for the document as it is, and for the heads that it had before its last change: an edit is judged by
    /// both. Shared by forks.
    content: Option<Arc<Vec<u8>>>,
    before: Option<(Vec<ChangeHash>, Arc<Vec<u8>>)>,
}

#[derive(Clone, Copy, Default)]
pub struct Latest {
    pub seq: u64,
    pub hash: [u8; 32],
}

impl Core {
    pub fn new() -> Self {
        Self::of(Automerge::new_with_encoding(TEXT))
    }

    fn of(doc: Automerge) -> Self {
        Self { doc, poisoned: false, latest: None, content: None, before: None }
    }

    /// Gives up a document in an unknown state.
    pub fn abandon(&mut self) {
        *self = Self { poisoned: self.poisoned, ..Self::new() };
    }

    pub fn load_saved(&mut self, saved: &[u8]) -> Outcome {
        if saved.is_empty() {
            return failure(Code::Damaged, "it is empty");
        }
        let doc = match Automerge::load_with_options(saved, LoadOptions::new().text_encoding(TEXT)) {
            Ok(doc) => doc,
            Err(error) => return failure(Code::Damaged, error.to_string()),
        };
        if !doc.get_missing_deps(&[]).is_empty() {
            return failure(Code::Damaged, "changes that it builds on are missing");
        }
        *self = Self::of(doc);
        Ok(Vec::new())
    }

    pub fn fork_to(&mut self, other: &mut Core) -> Outcome {
        *other = Core {
            doc: self.doc.clone(),
            poisoned: false,
            latest: self.latest.clone(),
            content: self.content.clone(),
            before: self.before.clone(),
        };
        Ok(Vec::new())
    }

    pub fn fork_at_to(&mut self, heads: &[u8], other: &mut Core) -> Outcome {
        let heads = self.known_heads(heads)?;
        match self.doc.fork_at(&heads) {
            Ok(doc) => *other = Core::of(doc),
            Err(error) => return failure(Code::Damaged, error.to_string()),
        }
        Ok(Vec::new())
    }

    /// What the document knows about one change, without making its bytes again.
    pub fn meta(&self, hash: &[u8]) -> Result<Option<ChangeMetadata<'_>>, Failure> {
        Ok(self.doc.get_change_meta_by_hash(&hash_from(hash)?))
    }

    /// The hashes behind each other in `heads`, all of which must be here.
    pub fn known_heads(&self, heads: &[u8]) -> Result<Vec<ChangeHash>, Failure> {
        let mut known = Vec::with_capacity(heads.len() / 32);
        for bytes in heads.chunks(32) {
            if self.meta(bytes)?.is_none() {
                return failure(Code::Missing, format!("change {} is not here", hash_from(bytes)?));
            }
            known.push(hash_from(bytes)?);
        }
        Ok(known)
    }

    pub fn max_op(&self) -> u64 {
        let of_head = |head: &ChangeHash| self.doc.get_change_meta_by_hash(head).map_or(0, |meta| meta.max_op);
        self.doc.get_heads().iter().map(of_head).max().unwrap_or(0)
    }

    /// Zeros if there is none.
    pub fn latest_of(&mut self, actor: &ActorId) -> Latest {
        self.index().get(actor).copied().unwrap_or_default()
    }

    fn index(&mut self) -> &HashMap<ActorId, Latest> {
        let doc = &self.doc;
        self.latest.get_or_insert_with(|| {
            let mut index = HashMap::<ActorId, Latest>::new();
            for meta in doc.get_changes_meta(&[]) {
                let latest = index.entry(meta.actor.into_owned()).or_default();
                if meta.seq > latest.seq {
                    *latest = Latest { seq: meta.seq, hash: meta.hash.0 };
                }
            }
            Arc::new(index)
        })
    }

    /// All that can be seen now, as `read::content` writes it.
    pub fn content(&mut self) -> Result<Arc<Vec<u8>>, Failure> {
        if self.content.is_none() {
            self.content = Some(Arc::new(read::content(self, None)?));
        }
        Ok(self.content.clone().expect("just made"))
    }

    /// All that could be seen at `heads`, which must be here.
    pub fn content_at(&mut self, heads: &[ChangeHash]) -> Result<Arc<Vec<u8>>, Failure> {
        let same = |other: &[ChangeHash]| heads.len() == other.len() && other.iter().all(|head| heads.contains(head));
        if same(&self.doc.get_heads()) {
            return self.content();
        }
        match &self.before {
            Some((earlier, content)) if same(earlier) => Ok(content.clone()),
            _ => read::content(self, Some(heads)).map(Arc::new),
        }
    }

    /// To be called before the document changes.
    pub fn changing(&mut self) {
        if let Some(content) = self.content.take() {
            self.before = Some((self.doc.get_heads(), content));
        }
    }

    /// `twin` holds the same changes.
    pub fn share_index(&mut self, twin: &Core) {
        self.latest = twin.latest.clone();
    }

    /// To be called for every change that this document took in.
    pub fn note(&mut self, actor: &ActorId, latest: Latest) {
        if let Some(index) = &mut self.latest {
            Arc::make_mut(index).insert(actor.clone(), latest);
        }
    }
}

pub fn hash_from(bytes: &[u8]) -> Result<ChangeHash, Failure> {
    match ChangeHash::try_from(bytes) {
        Ok(hash) => Ok(hash),
        Err(_) => failure(Code::BadArgument, "a change hash is 32 bytes"),
    }
}

/// A deflated chunk could inflate to any size, a document chunk is no change: neither gets further than this.
pub fn is_plain_change(chunk: &[u8]) -> bool {
    chunk.get(CHUNK_TYPE_AT) == Some(&CHANGE_CHUNK)
}
