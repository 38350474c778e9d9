#pragma once

#include "clients/core/acts/evidence.h"
#include "clients/web/bindings/act_sheet.h"
#include "clients/web/bindings/fields.h"
#include "clients/web/bindings/page_device.h"
#include "clients/web/bindings/reply.h"

#include <optional>

namespace clients::web {

// Photos of evidence: with the act that attaches one, on screens, and under way.

/// The photo of an act, if it has one; what is wrong with it stands in the sheet.
std::optional<acts::EvidenceFiles> read_photo(ActSheet& sheet);
/// Stores what `attached` names, which was made of read_photo().
/// Errors:  locked; device_storage.
events::Result<void> keep_photo(PageDevice& device, const ActSheet& sheet,
                                const events::EvidenceAttached& attached);

/// `file`: the event that attached it; `part`: "original" (without one, too) or "thumbnail".
///
///   without pieces   name: where the page finds its pieces; here; with `want`, one that is not
///   here
///                    is fetched as soon as a server has it
///   with pieces      bytes: the picture
///
/// Errors:  locked: or the lease is over; not_found; storage_corrupt.
Reply show_photo(PageDevice& device, const Fields& fields, events::Timestamp now);

/// `when`: "always", "good-link" or "asked": when originals are sent without being asked for.
/// Errors:  invalid_argument.
Reply choose_originals(PageDevice& device, const Fields& fields, events::Timestamp now);

/// View `photos` of `dossier`: id, state (device_only, received, elsewhere: on the device that took
/// it, damaged: to be taken again), bytes, media, here, thumbnail: whether it is here, wanted.
Reply show_photos(PageDevice& device, const Fields& fields, events::Timestamp now);

/// photos, photo_bytes: those that the server does not have; photos_damaged: to be taken again;
/// originals: when they are sent.
void write_unsent_photos(events::JsonWriter& json, PageDevice& device);
/// files, wants: of a connection.
void write_files_under_way(events::JsonWriter& json, PageDevice& device);

}  // namespace clients::web
