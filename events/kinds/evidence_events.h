#pragma once

#include "events/base/bounded.h"
#include "events/base/enum_table.h"
#include "events/base/ids.h"
#include "events/base/time.h"
#include "events/crypto/serialize.h"
#include "events/kinds/dossier_events.h"
#include "events/kinds/event_type.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace events {

/// What a file of evidence is.  On disk for ever.
enum class MediaType : std::uint8_t { jpeg = 1, png = 2, pdf = 3 };
template <>
struct EnumTable<MediaType> {
  using enum MediaType;
  static constexpr EnumRow<MediaType> rows[] = {
      {jpeg, "jpeg"},
      {png, "png"},
      {pdf, "pdf"},
  };
};

/// Which of an event's files: the paper itself, or the small picture of it.  On disk for ever.
enum class FilePart : std::uint8_t { original = 1, thumbnail = 2 };
template <>
struct EnumTable<FilePart> {
  using enum FilePart;
  static constexpr EnumRow<FilePart> rows[] = {
      {original, "original"},
      {thumbnail, "thumbnail"},
  };
};

/// V40.  Greatest file after the device compressed it.
inline constexpr std::uint32_t original_bytes_max = 5 * 1024 * 1024;
/// A second of a 64 kbit/s line.
inline constexpr std::uint32_t thumbnail_bytes_max = 8 * 1024;

/// A file by its content.
struct OriginalFile {
  Digest sha256;  ///< Of the plain bytes.
  std::uint32_t size{};
  MediaType media{};
  bool operator==(const OriginalFile&) const = default;

  template <class Archive>
  void serialize(Archive& archive) {
    archive(CEREAL_NVP(sha256), CEREAL_NVP(size), CEREAL_NVP(media));
  }
};

/// A JPEG of at most thumbnail_bytes_max.
struct ThumbnailFile {
  Digest sha256;
  std::uint32_t size{};
  bool operator==(const ThumbnailFile&) const = default;

  template <class Archive>
  void serialize(Archive& archive) {
    archive(CEREAL_NVP(sha256), CEREAL_NVP(size));
  }
};

/// T08.  A picture or scan of a piece of evidence.  The event is complete without the bytes, which
/// travel apart from it; EvidenceStored says that the server has them.
struct EvidenceAttached {
  static constexpr EventType type = EventType::evidence_attached;
  static constexpr std::string_view kind_name = "EvidenceAttached";
  static constexpr std::uint32_t schema = 1;
  static constexpr StreamKind stream = StreamKind::dossier;
  static constexpr bool creates = false;
  EvidenceKind kind{};
  std::uint32_t indicators{};  ///< Bit i: for indicator i of the criteria set.
  Day document_day;            ///< Date on the paper; 0 when it has none.
  OriginalFile original;
  std::optional<ThumbnailFile> thumbnail;
  std::optional<Digest> private_digest;  ///< EvidenceRecord: what, issuer, where kept.

  template <class Archive>
  void serialize(Archive& archive, std::uint32_t /*version*/) {
    archive(CEREAL_NVP(kind), CEREAL_NVP(indicators), CEREAL_NVP(document_day),
            CEREAL_NVP(original), CEREAL_NVP(thumbnail), CEREAL_NVP(private_digest));
  }
};

/// The server has every byte of a file that EvidenceAttached names, and they have its digest.  Made
/// by the server, on its own chain, once for each file of each such event.
struct EvidenceStored {
  static constexpr EventType type = EventType::evidence_stored;
  static constexpr std::string_view kind_name = "EvidenceStored";
  static constexpr std::uint32_t schema = 1;
  static constexpr StreamKind stream = StreamKind::dossier;
  static constexpr bool creates = false;
  EventId attached;  ///< The EvidenceAttached.
  FilePart part{};
  Digest sha256;
  std::uint32_t size{};

  template <class Archive>
  void serialize(Archive& archive, std::uint32_t /*version*/) {
    archive(CEREAL_NVP(attached), CEREAL_NVP(part), CEREAL_NVP(sha256), CEREAL_NVP(size));
  }
};

}  // namespace events
