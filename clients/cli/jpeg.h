#pragma once

#include "events/bytes.h"
#include "events/result.h"

#include <gd.h>

#include <cstdint>
#include <memory>

// JPEG pictures as phones make them, read by libjpeg and libexif.

namespace clients {

struct FreePicture {
  void operator()(gdImagePtr picture) const { gdImageDestroy(picture); }
};
using Picture = std::unique_ptr<gdImage, FreePicture>;

/// A JPEG of more pixels is not opened: no phone makes one.
inline constexpr std::int64_t jpeg_pixels_max = 200'000'000;

/// Opens a JPEG, upright as its camera was held (EXIF orientation).  It is decoded at the smallest
/// scale of 1/8, 1/4, 1/2 and 1 at which its longest side has `side` pixels or more, so that a
/// picture of 200 million pixels takes the memory of a small one.
/// Errors:  invalid_argument, with a message in Vietnamese that says which: cut short (it ends
///          before its end), more than jpeg_pixels_max, or not readable.
events::Result<Picture> open_jpeg(events::ByteView bytes, int side);

}  // namespace clients
