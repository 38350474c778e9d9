#pragma once

#include "events/kinds/evidence_events.h"
#include "projections/state/entity_table.h"
#include "projections/state/projection.h"

namespace projections {

/// One file that an EvidenceAttached names, and whether the server has it.
struct EvidenceFileStatus {
  events::Digest sha256;
  std::uint32_t size{};        ///< 0: the event names no such file.
  events::Position stored_at;  ///< Of the EvidenceStored; 0 while the server lacks it.

  bool is_named() const { return size != 0; }
  bool is_stored() const { return stored_at.value != 0; }
  bool operator==(const EvidenceFileStatus&) const = default;

  template <class Archive>
  void serialize(Archive& archive) {
    archive(sha256, size, stored_at);
  }
};

/// The files of one attached piece of evidence.
struct EvidenceFile {
  events::EventId attached;  ///< The EvidenceAttached.
  events::DossierId dossier;
  events::UnitId scope;       ///< Of the event: whose readers may fetch the bytes.
  events::Position position;  ///< Where it took effect.
  events::MediaType media{};  ///< Of the original; a thumbnail is a JPEG.
  EvidenceFileStatus original;
  EvidenceFileStatus thumbnail;

  std::uint64_t key() const { return attached.key(); }
  const EvidenceFileStatus& part(events::FilePart part) const {
    return part == events::FilePart::original ? original : thumbnail;
  }
  EvidenceFileStatus& part(events::FilePart part) {
    return part == events::FilePart::original ? original : thumbnail;
  }
  events::MediaType media_of(events::FilePart part) const {
    return part == events::FilePart::original ? media : events::MediaType::jpeg;
  }

  template <class Archive>
  void serialize(Archive& archive) {
    archive(attached, dossier, scope, position, media, original, thumbnail);
  }
};

/// All files of evidence that the log names.  An event that waits or was refused has none: its
/// bytes stay on the device.
class EvidenceFiles {
 public:
  static constexpr const char* name = "evidence_files";
  static constexpr std::uint32_t revision = 1;

  void apply(const EffectiveEvent& effective, events::UnitId scope);
  void restrict_to(const events::ReaderScope& reader);

  /// By the id of the EvidenceAttached; null when no such event has effect.
  const EvidenceFile* find(events::EventId attached) const { return files_.find(attached.key()); }
  const EntityTable<EvidenceFile>& all() const { return files_; }

  auto vectors() { return files_.vectors(); }
  auto vectors() const { return files_.vectors(); }
  void rebuild() { files_.rebuild(); }

  template <class Archive>
  void serialize(Archive& archive) {
    archive(files_);
  }

 private:
  EntityTable<EvidenceFile> files_;
};

}  // namespace projections
