#pragma once

#include "clients/core/acts/draft.h"

#include <string>
#include <string_view>

namespace clients::acts {

/// A piece of evidence that somebody has before them.
struct Evidence {
  events::DossierId dossier;
  events::EvidenceKind kind{};
  std::uint32_t indicators{};     ///< Bit i: for indicator i of the criteria set.
  events::Day document_day;       ///< 0 when the paper has none.
  events::EvidenceRecord record;  ///< As typed.
};

/// The files of a piece of evidence.  Their bytes are durable before the act is recorded.
struct EvidenceFiles {
  events::OriginalFile original;
  std::optional<events::ThumbnailFile> thumbnail;
};

/// Somebody saw the paper itself.
events::Result<void> sight_evidence(Draft& draft, const Occasion& occasion,
                                    const Evidence& evidence);
/// A picture or scan of the paper is attached.
events::Result<void> attach_evidence(Draft& draft, const Occasion& occasion,
                                     const Evidence& evidence, const EvidenceFiles& files);

/// The indicators that are named by their codes, as bits, for the criteria that bind the dossier.
/// Errors:  not_found: no such dossier; invalid_argument: the criteria are not on this device, or
///          have no such indicator.
events::Result<std::uint32_t> indicators_named(const projections::State& state,
                                               events::DossierId dossier,
                                               std::span<const std::string> codes);
/// The day on a paper, from the year 1900 on; 0 for none.
/// Errors:  invalid_argument.
events::Result<events::Day> read_document_day(std::string_view typed);

}  // namespace clients::acts
