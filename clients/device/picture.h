#pragma once

#include "events/base/bytes.h"
#include "events/base/result.h"
#include "events/kinds/evidence_events.h"

#include <optional>

// Pictures of evidence: what they are, and how they become small enough for a bad line.

namespace clients {

/// By the first bytes; nothing for what is not evidence.
std::optional<events::MediaType> media_type_of(events::ByteView bytes);

/// A picture of at most original_bytes_max: the bytes as they are when they fit, otherwise the same
/// picture smaller and upright, as a JPEG.
struct FittedFile {
  events::Bytes bytes;
  events::MediaType media{};
  bool was_reduced = false;
};
/// Errors: invalid_argument: not a JPEG, PNG or PDF, cut short, of too many pixels, or not
///         readable; too_large: a PDF above the limit, or a picture that does not become small
///         enough.  Messages are Vietnamese and say which.
events::Result<FittedFile> fit_evidence(events::Bytes bytes);

/// An upright JPEG of at most thumbnail_bytes_max; nothing for a PDF.
/// Errors: invalid_argument: the picture cannot be read.
events::Result<std::optional<events::Bytes>> thumbnail_of(const FittedFile& file);

}  // namespace clients
