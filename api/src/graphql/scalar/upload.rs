//! Files that come with a request: the scalar names one, and the request holds them.
//!
//! Among the variables a file is a number in the library's binary form, which no client can write: what a client sends is never taken for a file.

use std::fs::File;
use std::sync::Arc;

use async_graphql::{Context, InputValueError, InputValueResult, Scalar, ScalarType, Value};

use crate::error::Error;

/// A file that came with the request, complete and within its limits. It is gone with the request.
#[derive(Debug)]
pub struct UploadedFile {
    /// Its name as the client says it: to be shown, never to be opened.
    pub name: String,
    /// Its type as the client says it.
    pub content_type: Option<String>,
    /// Its length in bytes.
    pub bytes: u64,
    /// The content in a temporary file without a name.
    content: File,
}

impl UploadedFile {
    /// A file whose content was written to `content`.
    #[must_use]
    pub fn new(name: String, content_type: Option<String>, bytes: u64, content: File) -> Self {
        Self {
            name,
            content_type,
            bytes,
            content,
        }
    }

    /// The content from its beginning. Reading it blocks: do it off the runtime's threads.
    ///
    /// # Errors
    /// [`Error::Internal`] when the temporary file cannot be used.
    pub fn open(&self) -> Result<File, Error> {
        use std::io::Seek;
        let mut file = self.content.try_clone().map_err(Error::internal)?;
        file.rewind().map_err(Error::internal)?;
        Ok(file)
    }
}

/// The files of a request, in the data of the request.
#[derive(Clone, Debug, Default)]
pub struct Uploads(pub Arc<Vec<Arc<UploadedFile>>>);

/// One file of a request, as an argument.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Upload(usize);

impl Upload {
    /// The value that stands for the file `index` among the variables.
    #[must_use]
    pub fn marker(index: usize) -> Value {
        Value::Binary((index as u64).to_be_bytes().to_vec().into())
    }

    /// The file.
    ///
    /// # Errors
    /// [`Error::Internal`] when the request does not hold it.
    pub fn value(self, ctx: &Context<'_>) -> Result<Arc<UploadedFile>, Error> {
        let file = ctx.data_opt::<Uploads>().and_then(|uploads| uploads.0.get(self.0));
        file.cloned()
            .ok_or_else(|| Error::internal("the request carries no such file"))
    }
}

/// A file, sent as the GraphQL multipart request specification says: null among the variables, and a part of the body that `map` names.
#[Scalar(specified_by_url = "https://github.com/jaydenseric/graphql-multipart-request-spec")]
impl ScalarType for Upload {
    fn parse(value: Value) -> InputValueResult<Self> {
        match Self::index(&value) {
            Some(index) => Ok(Self(index)),
            None => Err(InputValueError::custom(
                "this is not a file; send it as multipart/form-data with `operations` and `map`",
            )),
        }
    }

    fn is_valid(value: &Value) -> bool {
        Self::index(value).is_some()
    }

    fn to_value(&self) -> Value {
        Self::marker(self.0)
    }
}

impl Upload {
    fn index(value: &Value) -> Option<usize> {
        let Value::Binary(bytes) = value else {
            return None;
        };
        let bytes: [u8; 8] = bytes.as_ref().try_into().ok()?;
        usize::try_from(u64::from_be_bytes(bytes)).ok()
    }
}
