#include "events/log/private_record.h"

#include "events/archive/compact.h"
#include "events/base/check.h"
#include "events/base/ranges.h"
#include "events/log/find_bad_text.h"
#include "events/log/intake.h"
#include "events/text/normalize.h"

#include <algorithm>
#include <optional>

namespace events {
namespace {

template <class T>
bool read_as(std::uint8_t kind, ByteView fields, std::optional<Result<PrivateFields>>& read) {
  if (T::kind != kind) return false;
  Result<T> decoded = decode<T>(fields);
  if (decoded) {
    read.emplace(PrivateFields{std::move(*decoded)});
  } else {
    read.emplace(decoded.error());
  }
  return true;
}

template <class... T>
Result<PrivateFields> read_kind(std::uint8_t kind, ByteView fields, std::variant<T...>* /*all*/) {
  std::optional<Result<PrivateFields>> read;
  if ((read_as<T>(kind, fields, read) || ...)) return *read;
  return Error{ErrorCode::unsupported, "a private record of a newer kind"};
}

/// Rule V20 as far as it can be a warning: 12 digits whose fourth and fifth parts agree with the
/// birth year.  Codes of birth provinces are not checked: they outlive their provinces.
bool is_plausible_id_number(const PersonRecord& person) {
  const std::string& number = person.id_number;
  if (number.empty()) return true;
  const auto is_digit = [](char letter) { return letter >= '0' && letter <= '9'; };
  if (number.size() != 12 || !ranges::all_of(number, is_digit)) return false;
  const int century = 1900 + (number[3] - '0') / 2 * 100;
  const int year = century + (number[4] - '0') * 10 + (number[5] - '0');
  return person.birth.year == 0 || person.birth.year == year;
}

/// A code of the national list, 99 when asked and not known, 0 when not asked.
bool is_known_ethnicity(std::uint8_t code) { return code <= 56 || code == 99; }

std::uint8_t check_person(const PersonRecord& person, int current_year) {
  std::uint8_t found = 0;
  if (!is_valid_person_name(person.full_name) || !is_nfc(person.full_name)) {
    found |= content_name_invalid;
  }
  if (!is_valid_birth_date(person.birth, current_year)) found |= content_birth_invalid;
  if (!is_plausible_id_number(person)) found |= content_id_number_doubtful;
  if (!is_known_ethnicity(person.ethnicity)) found |= content_unreadable;
  return found;
}

/// Rule V70.  Of a person's name V01 speaks, which allows less.
std::uint8_t check_texts(PrivateFields fields) {
  if (auto* const person = std::get_if<PersonRecord>(&fields)) person->full_name.clear();
  const auto* const collective = std::get_if<CollectiveRecord>(&fields);
  const auto* const evidence = std::get_if<EvidenceRecord>(&fields);
  if (collective != nullptr && collective->name.empty()) return content_text_missing;
  if (evidence != nullptr && evidence->what.empty()) return content_text_missing;
  const std::optional<BadText> bad = find_bad_text(fields);
  if (!bad) return 0;
  return bad->fault == TextFault::form ? content_unreadable : content_text_invalid;
}

/// Whether events of kind `type` name records like `fields`; true for kinds this build does not
/// know.
bool is_record_of(EventType type, const PrivateFields& fields) {
  switch (type) {
    case EventType::person_introduced:
      return std::holds_alternative<PersonRecord>(fields);
    case EventType::collective_introduced:
      return std::holds_alternative<CollectiveRecord>(fields);
    case EventType::dossier_registered:
      return std::holds_alternative<ProxyRecord>(fields);
    case EventType::evidence_sighted:
    case EventType::evidence_attached:
      return std::holds_alternative<EvidenceRecord>(fields);
    case EventType::dossier_returned:
    case EventType::dossier_resubmitted:
    case EventType::dossier_withdrawn:
      return std::holds_alternative<NoteRecord>(fields);
    case EventType::review_held:
      return std::holds_alternative<MinutesRecord>(fields);
    default:
      return true;
  }
}

}  // namespace

Digest PrivateRecord::digest() const { return sha256(salt, bytes); }

std::vector<Digest> digests_of(std::span<const PrivateRecord> records) {
  std::vector<Digest> digests;
  digests.reserve(records.size());
  for (const PrivateRecord& record : records) digests.push_back(record.digest());
  return digests;
}

Result<PrivateRecord> try_make_private_record(const std::array<std::uint8_t, 16>& salt,
                                              const PrivateFields& fields) {
  PrivateRecord record{salt, {}};
  bool within_limits = false;
  CompactOutput archive(record.bytes);
  std::visit(
      [&]<class T>(const T& value) {
        archive.write_byte(T::kind);
        archive(value);
        within_limits = archive.within_limits();
      },
      fields);
  if (!within_limits) {
    const std::optional<BadText> bad = find_bad_text(fields);
    return Error{ErrorCode::too_large, bad ? bad->explain() : "a field is longer than its limit"};
  }
  return record;
}

PrivateRecord make_private_record(const std::array<std::uint8_t, 16>& salt,
                                  const PrivateFields& fields) {
  Result<PrivateRecord> record = try_make_private_record(salt, fields);
  CHECK(record.has_value(), "typed fields go through try_make_private_record()");
  return std::move(*record);
}

Result<PrivateFields> read_private_record(const PrivateRecord& record) {
  if (record.bytes.empty()) return Error{ErrorCode::malformed, "an empty private record"};
  return read_kind(record.bytes.front(), ByteView(record.bytes).subspan(1),
                   static_cast<PrivateFields*>(nullptr));
}

std::uint8_t check_private_content(EventType type, const PrivateRecord& record, int current_year) {
  const Result<PrivateFields> fields = read_private_record(record);
  if (!fields || !is_record_of(type, *fields)) return content_checked | content_unreadable;
  std::uint8_t found = content_checked | check_texts(*fields);
  if (const auto* person = std::get_if<PersonRecord>(&*fields)) {
    found |= check_person(*person, current_year);
  }
  return found;
}

}  // namespace events
