#include "projections/state/evidence_files.h"

namespace projections {

void EvidenceFiles::apply(const EffectiveEvent& effective, events::UnitId scope) {
  events::match(
      effective.event.payload,
      [&](const events::EvidenceAttached& e) {
        EvidenceFile file;
        file.attached = effective.event.id();
        file.dossier = events::DossierId{effective.event.header.stream.id};
        file.scope = scope;
        file.position = effective.position;
        file.media = e.original.media;
        file.original = {e.original.sha256, e.original.size, {}};
        if (e.thumbnail) file.thumbnail = {e.thumbnail->sha256, e.thumbnail->size, {}};
        files_.insert(std::move(file));
      },
      [&](const events::EvidenceStored& e) {
        EvidenceFile* const file = files_.edit(e.attached.key());
        if (file != nullptr) file->part(e.part).stored_at = effective.position;
      },
      [](const auto&) { /* No other event is about files. */ });
}

void EvidenceFiles::restrict_to(const events::ReaderScope& reader) {
  files_.filter(
      [&](const EvidenceFile& file) { return reader.includes(events::ScopeSet{file.scope}); });
}

}  // namespace projections
