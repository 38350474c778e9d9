#pragma once

#include "events/base/bounded.h"
#include "events/base/bytes.h"
#include "events/base/ids.h"
#include "events/base/result.h"
#include "events/base/text_limits.h"
#include "events/base/time.h"
#include "events/crypto/digest.h"
#include "events/kinds/event_type.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <variant>
#include <vector>

namespace events {

/// Greatest private record, salt included.
inline constexpr std::size_t private_record_bytes_max = 4 * 1024;

/// Identifying fields or free text, kept beside the log.  The log holds only the record's digest:
/// the record can be erased everywhere while every hash still verifies.
struct PrivateRecord {
  std::array<std::uint8_t, 16> salt{};  ///< Drawn at random by the device.
  Bytes bytes;                          ///< Kind and fields, see PrivateFields.

  /// SHA-256(salt ‖ bytes), by which the event names the record.
  Digest digest() const;
  bool operator==(const PrivateRecord&) const = default;

  template <class Archive>
  void serialize(Archive& archive) {
    archive(salt, bounded<private_record_bytes_max - 16>(bytes));
  }
};

std::vector<Digest> digests_of(std::span<const PrivateRecord> records);

/// Who a person is.
struct PersonRecord {
  static constexpr std::uint8_t kind = 1;
  std::string full_name;  ///< As entered; UTF-8, NFC; rule V01.
  PartialDate birth;
  std::uint8_t ethnicity{};  ///< Code 1–56, 99 unknown, 0 not asked; sensitive.
  std::string id_number;     ///< 12 digits or empty.
  std::string phone;         ///< "+84…" or empty.

  template <class Archive>
  void serialize(Archive& archive) {
    archive(BOUNDED_NVP(text_limits::person_name, full_name), CEREAL_NVP(birth),
            CEREAL_NVP(ethnicity), BOUNDED_NVP(text_limits::id_number, id_number),
            BOUNDED_NVP(text_limits::phone, phone));
  }
};

/// What a collective is called.
struct CollectiveRecord {
  static constexpr std::uint8_t kind = 2;
  std::string name;

  template <class Archive>
  void serialize(Archive& archive) {
    archive(BOUNDED_NVP(text_limits::collective_name, name));
  }
};

/// Who entered the registration for the subject, and on which paper (domain.md 4.7).
struct ProxyRecord {
  static constexpr std::uint8_t kind = 3;
  std::string relation_or_office;
  std::string paper_form_number;
  std::string witness;
  std::string place;

  template <class Archive>
  void serialize(Archive& archive) {
    archive(BOUNDED_NVP(text_limits::relation, relation_or_office),
            BOUNDED_NVP(text_limits::paper_number, paper_form_number),
            BOUNDED_NVP(text_limits::witness, witness), BOUNDED_NVP(text_limits::place, place));
  }
};

/// Which paper was seen or photographed, and where it is kept.
struct EvidenceRecord {
  static constexpr std::uint8_t kind = 4;
  std::string what;
  std::string issuer;
  std::string where_kept;

  template <class Archive>
  void serialize(Archive& archive) {
    archive(BOUNDED_NVP(text_limits::evidence_what, what),
            BOUNDED_NVP(text_limits::evidence_issuer, issuer),
            BOUNDED_NVP(text_limits::evidence_where, where_kept));
  }
};

/// The free text of a return, a resubmission or a withdrawal.
struct NoteRecord {
  static constexpr std::uint8_t kind = 5;
  std::string text;

  template <class Archive>
  void serialize(Archive& archive) {
    archive(BOUNDED_NVP(text_limits::note, text));
  }
};

/// Where and when a meeting was held, and what was on its agenda.
struct MinutesRecord {
  static constexpr std::uint8_t kind = 6;
  std::string place;
  std::string opened;  ///< As written, e.g. "19 giờ 30".
  std::string closed;
  std::string agenda;

  template <class Archive>
  void serialize(Archive& archive) {
    archive(BOUNDED_NVP(text_limits::place, place), BOUNDED_NVP(text_limits::meeting_time, opened),
            BOUNDED_NVP(text_limits::meeting_time, closed),
            BOUNDED_NVP(text_limits::agenda, agenda));
  }
};

using PrivateFields = std::variant<PersonRecord, CollectiveRecord, ProxyRecord, EvidenceRecord,
                                   NoteRecord, MinutesRecord>;

/// Expects: every field is within its limit; fields that a person typed go through
///          try_make_private_record().
/// Format:  kind (1 byte), then the fields in compact form.
PrivateRecord make_private_record(const std::array<std::uint8_t, 16>& salt,
                                  const PrivateFields& fields);
/// Errors: malformed; unsupported for a kind that this build does not know.
Result<PrivateFields> read_private_record(const PrivateRecord& record);

/// The content bits of Intake for an event of kind `type` whose private record is `record`: rules
/// V01, V02, V20 and V70.  `current_year` is the year of the server's clock.
std::uint8_t check_private_content(EventType type, const PrivateRecord& record, int current_year);

}  // namespace events
