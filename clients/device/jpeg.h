#pragma once

#include "events/base/bytes.h"
#include "events/base/result.h"

#include <gd.h>

#include <cstdint>
#include <memory>
#include <string>

// JPEG pictures as phones make them, read by libjpeg and libexif.

namespace clients {

struct FreePicture {
  void operator()(gdImagePtr picture) const { gdImageDestroy(picture); }
};
using Picture = std::unique_ptr<gdImage, FreePicture>;

/// A JPEG of more pixels is not opened: no phone makes one.
inline constexpr std::int64_t jpeg_pixels_max = 200'000'000;

/// An error about a picture; `what` is a Vietnamese sentence for the person who chose it.
events::Error unfit_picture(std::string what);

/// Opens a JPEG, upright as its camera was held (EXIF orientation).  It is decoded at the smallest
/// scale of 1/8, 1/4, 1/2 and 1 at which its longest side has `side` pixels or more, so that a
/// picture of 200 million pixels takes the memory of a small one.
/// Errors:  invalid_argument, with a message in Vietnamese that says which: cut short (it ends
///          before its end), more than jpeg_pixels_max, or not readable.
events::Result<Picture> open_jpeg(events::ByteView bytes, int side);

}  // namespace clients
