//! From any file to a picture which is safe to show: only what decodes is kept, and only its pixels.

use std::io::Cursor;

use image::codecs::jpeg::JpegEncoder;
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits};

/// Bytes of a file which is taken. [X] what a telephone's camera makes.
pub const LARGEST_FILE: usize = 8 * 1024 * 1024;
/// Pixels which are decoded: a small file can claim to be a huge picture. [X] 40 megapixels.
const MOST_PIXELS: u64 = 40_000_000;
const LONGEST_SIDE: u32 = 12_000;
const MOST_MEMORY: u64 = 256 * 1024 * 1024;
/// Larger pictures are made smaller: no page shows more. [X]
const SHOWN_SIDE: u32 = 1_600;
const JPEG_QUALITY: u8 = 85;

/// Why a file is not taken as a picture.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PictureFault {
    #[error("the picture has {bytes} bytes, the most is {LARGEST_FILE}")]
    TooLarge { bytes: usize },
    #[error("the file is no JPEG, PNG or WebP picture")]
    NotAPicture,
    #[error("the picture has {width} × {height} pixels, which is more than is shown anywhere")]
    TooManyPixels { width: u32, height: u32 },
    #[error("the picture cannot be read: {0}")]
    Damaged(String),
    /// Not fetched: the address leads into a network which is none of the seller's business, or is no address.
    #[error("the address {0} is not one of the public internet")]
    NotPublic(String),
    /// Not there, or not to be had: asking again will not help.
    #[error("the address answered {status}")]
    Answered { status: u16 },
    /// A moment later it may be there.
    #[error("the picture could not be fetched: {0}")]
    Unreachable(String),
    #[error("the file {0} is not in the folder of the product file")]
    NoSuchFile(String),
}

impl PictureFault {
    /// The stable name of the reason.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::TooLarge { .. } => "picture_too_large",
            Self::NotAPicture => "not_a_picture",
            Self::TooManyPixels { .. } => "too_many_pixels",
            Self::Damaged(_) => "picture_damaged",
            Self::NotPublic(_) => "address_not_public",
            Self::Answered { .. } => "picture_not_there",
            Self::Unreachable(_) => "picture_unreachable",
            Self::NoSuchFile(_) => "no_such_file",
        }
    }

    /// Whether it may go well at another time.
    pub const fn passes(&self) -> bool {
        matches!(self, Self::Unreachable(_))
    }
}

/// A picture as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Clean {
    pub content_type: &'static str,
    pub body: Vec<u8>,
}

/// Decodes, turns upright, makes smaller and writes anew. Where and when it was taken is gone with the metadata.
pub(super) fn clean(bytes: &[u8]) -> Result<Clean, PictureFault> {
    if bytes.len() > LARGEST_FILE {
        return Err(PictureFault::TooLarge { bytes: bytes.len() });
    }
    // By what is in it, never by its name: an SVG or a page with another ending is refused here.
    let format = match infer::get(bytes).map(|found| found.mime_type()) {
        Some("image/jpeg") => ImageFormat::Jpeg,
        Some("image/png") => ImageFormat::Png,
        Some("image/webp") => ImageFormat::WebP,
        Some(_) | None => return Err(PictureFault::NotAPicture),
    };
    let damaged = |error: image::ImageError| PictureFault::Damaged(error.to_string());
    let picture = decode(bytes, format)?;
    let small = if picture.width().max(picture.height()) > SHOWN_SIDE {
        picture.thumbnail(SHOWN_SIDE, SHOWN_SIDE)
    } else {
        picture
    };
    let mut body = Vec::new();
    // Lossless stays lossless; what shines through needs PNG.
    if format == ImageFormat::Png || small.color().has_alpha() {
        small.write_to(&mut Cursor::new(&mut body), ImageFormat::Png).map_err(damaged)?;
        return Ok(Clean { content_type: "image/png", body });
    }
    let encoder = JpegEncoder::new_with_quality(&mut body, JPEG_QUALITY);
    small.to_rgb8().write_with_encoder(encoder).map_err(damaged)?;
    Ok(Clean { content_type: "image/jpeg", body })
}

fn decode(bytes: &[u8], format: ImageFormat) -> Result<DynamicImage, PictureFault> {
    let damaged = |error: image::ImageError| PictureFault::Damaged(error.to_string());
    let mut limits = Limits::default();
    limits.max_image_width = Some(LONGEST_SIDE);
    limits.max_image_height = Some(LONGEST_SIDE);
    limits.max_alloc = Some(MOST_MEMORY);
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    reader.limits(limits.clone());
    let mut decoder = reader.into_decoder().map_err(damaged)?;
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > MOST_PIXELS || width.max(height) > LONGEST_SIDE {
        return Err(PictureFault::TooManyPixels { width, height });
    }
    decoder.set_limits(limits).map_err(damaged)?;
    let upright = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let mut picture = DynamicImage::from_decoder(decoder).map_err(damaged)?;
    picture.apply_orientation(upright);
    Ok(picture)
}

#[cfg(test)]
mod tests {
    use image::{Rgb, RgbImage, Rgba, RgbaImage};

    use super::*;

    fn written(picture: impl Into<DynamicImage>, format: ImageFormat) -> Vec<u8> {
        let mut bytes = Vec::new();
        picture.into().write_to(&mut Cursor::new(&mut bytes), format).unwrap();
        bytes
    }

    /// A JPEG which says that it lies on its side and where it was taken.
    fn with_camera_data() -> Vec<u8> {
        let plain = written(RgbImage::from_pixel(40, 20, Rgb([200, 30, 30])), ImageFormat::Jpeg);
        let mut exif =
            b"Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0".to_vec();
        exif.extend(b"GPS 54.4858 N 0.6206 W");
        let mut bytes = plain[..2].to_vec();
        bytes.extend([0xff, 0xe1]);
        bytes.extend((exif.len() as u16 + 2).to_be_bytes());
        bytes.extend(exif);
        bytes.extend(&plain[2..]);
        bytes
    }

    #[test]
    fn a_photograph_stands_upright_and_no_longer_says_where_it_was_taken() {
        let bytes = with_camera_data();
        let clean = clean(&bytes).unwrap();
        assert_eq!(clean.content_type, "image/jpeg");
        let read = image::load_from_memory(&clean.body).unwrap();
        assert_eq!((read.width(), read.height()), (20, 40));
        assert!(!clean.body.windows(3).any(|part| part == b"GPS"));
        assert!(bytes.windows(3).any(|part| part == b"GPS"), "the test's picture has it");
    }

    #[test]
    fn what_shines_through_stays_so_and_large_ones_become_smaller() {
        let glass = RgbaImage::from_pixel(8, 8, Rgba([0, 90, 0, 128]));
        for format in [ImageFormat::Png, ImageFormat::WebP] {
            let clean = clean(&written(glass.clone(), format)).unwrap();
            assert_eq!(clean.content_type, "image/png");
            let read = image::load_from_memory(&clean.body).unwrap().to_rgba8();
            assert_eq!(read.get_pixel(3, 3).0[3], 128);
        }
        let wide = RgbImage::from_pixel(3_200, 800, Rgb([1, 2, 3]));
        let clean = clean(&written(wide, ImageFormat::WebP)).unwrap();
        let read = image::load_from_memory(&clean.body).unwrap();
        assert_eq!((read.width(), read.height()), (1_600, 400));
    }

    #[test]
    fn what_is_no_picture_is_refused() {
        let svg = br#"<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>"#;
        let code = |bytes: &[u8]| clean(bytes).map_err(|fault| fault.code());
        assert_eq!(code(svg), Err("not_a_picture"));
        assert_eq!(code(b"GIF89a......"), Err("not_a_picture"));
        assert_eq!(code(b""), Err("not_a_picture"));
        assert_eq!(code(&vec![0; LARGEST_FILE + 1]), Err("picture_too_large"));
        let whole = written(RgbImage::new(50, 50), ImageFormat::Png);
        assert_eq!(code(&whole[..whole.len() / 2]), Err("picture_damaged"));
    }

    #[test]
    fn a_small_file_which_claims_to_be_huge_is_refused_before_it_is_decoded() {
        // The header of a PNG of 60 000 × 60 000 pixels.
        let mut bytes =
            b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\xea\x60\0\0\xea\x60\x08\x02\0\0\0".to_vec();
        bytes.extend([0x64, 0x1f, 0x1d, 0x2a]);
        let fault = clean(&bytes).map_err(|fault| fault.code());
        assert!(matches!(fault, Err("too_many_pixels" | "picture_damaged")), "{fault:?}");
    }
}
