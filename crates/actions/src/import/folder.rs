//! The folder next to a product file: pictures which the file names by a path, and never anything outside of it.

use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};

use rules::ids::ShopId;
use sha2::{Digest, Sha256};

use super::ImportFault;
use super::entry::Entry;
use crate::failure::Failure;
use crate::market::Market;
use crate::pictures::{LARGEST_FILE, PictureFault, hex, is_address, keep_file, source_is_known};

/// Reads files of one folder, each once.
pub(super) struct Folder {
    /// With all links resolved; `None` when there is none, as for an upload.
    root: Option<PathBuf>,
    names: BTreeMap<String, Option<String>>,
}

impl Folder {
    pub fn new(root: Option<&Path>) -> Self {
        let root = root.and_then(|root| root.canonicalize().ok());
        Self { root, names: BTreeMap::new() }
    }

    /// The name under which the picture at a path is kept. None for an address, and for what cannot be read, which is noted.
    ///
    /// The content is part of the name, so that a changed file is a new picture.
    pub fn name_of(
        &mut self,
        handle: &str,
        line: u64,
        source: &str,
        faults: &mut Vec<ImportFault>,
    ) -> Option<String> {
        if is_address(source) {
            return None;
        }
        if let Some(known) = self.names.get(source) {
            return known.clone();
        }
        let name = match self.read(source) {
            Ok(bytes) => Some(format!("{source}#{}", hex(&Sha256::digest(&bytes)))),
            Err(fault) => {
                faults.push(fault_of(handle, line, source, &fault));
                None
            }
        };
        self.names.insert(source.to_owned(), name.clone());
        name
    }

    /// Takes the files which an entry names into the shop's pictures, each content once.
    pub async fn keep_pictures(
        &self,
        market: &Market,
        shop: ShopId,
        entry: &Entry,
        faults: &mut Vec<ImportFault>,
    ) -> Result<(), Failure> {
        for (line, source) in entry.sources().filter(|(_, source)| !is_address(source)) {
            let Some(name) = entry.source_name(source) else { continue };
            if source_is_known(market, shop, name).await? {
                continue;
            }
            let kept = match self.read(source) {
                Ok(bytes) => keep_file(market, shop, name, bytes).await?.map(|_| ()),
                Err(fault) => Err(fault),
            };
            if let Err(fault) = kept {
                faults.push(fault_of(&entry.product.handle, line, source, &fault));
            }
        }
        Ok(())
    }

    fn read(&self, source: &str) -> Result<Vec<u8>, PictureFault> {
        let none = || PictureFault::NoSuchFile(source.to_owned());
        let root = self.root.as_ref().ok_or_else(none)?;
        let path = Path::new(source);
        // `..` and `/etc` are refused as written, links which lead outside when they are resolved.
        if !path.components().all(|part| matches!(part, Component::Normal(_) | Component::CurDir)) {
            return Err(none());
        }
        let path = root.join(path).canonicalize().map_err(|_| none())?;
        if !path.starts_with(root) {
            return Err(none());
        }
        let about = std::fs::metadata(&path).map_err(|_| none())?;
        if !about.is_file() {
            return Err(none());
        }
        let bytes = usize::try_from(about.len()).unwrap_or(usize::MAX);
        if bytes > LARGEST_FILE {
            return Err(PictureFault::TooLarge { bytes });
        }
        std::fs::read(&path).map_err(|error| PictureFault::Damaged(error.to_string()))
    }
}

fn fault_of(handle: &str, line: u64, source: &str, fault: &PictureFault) -> ImportFault {
    ImportFault {
        line,
        column: String::new(),
        handle: handle.to_owned(),
        code: fault.code().to_owned(),
        facts: BTreeMap::from([("source".to_owned(), source.to_owned())]),
        sentence: fault.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use store::testing::TestFolder;

    use super::*;

    #[test]
    fn nothing_outside_the_folder_is_read() {
        let outer = TestFolder::make();
        let inner = outer.path().join("shop");
        std::fs::create_dir_all(inner.join("pictures")).unwrap();
        std::fs::write(outer.path().join("secret.png"), b"secret").unwrap();
        std::fs::write(inner.join("pictures/mug.png"), b"mug").unwrap();
        std::os::unix::fs::symlink(outer.path().join("secret.png"), inner.join("link.png"))
            .unwrap();
        let folder = Folder::new(Some(&inner));
        assert_eq!(folder.read("pictures/mug.png"), Ok(b"mug".to_vec()));
        let absolute = outer.path().join("secret.png").display().to_string();
        for path in [
            "../secret.png",
            "link.png",
            "pictures",
            "pictures/../../secret.png",
            absolute.as_str(),
            "",
        ] {
            let fault = folder.read(path).map_err(|fault| fault.code());
            assert_eq!(fault, Err("no_such_file"), "{path}");
        }
        assert!(Folder::new(None).read("pictures/mug.png").is_err());
    }
}
