#pragma once

#include "events/base/enum_table.h"
#include "events/base/result.h"
#include "events/base/verdict.h"
#include "events/kinds/access_events.h"
#include "events/kinds/criteria_events.h"
#include "events/kinds/decision_events.h"
#include "events/kinds/dossier_events.h"
#include "events/kinds/event_type.h"
#include "events/kinds/evidence_events.h"
#include "events/kinds/review_events.h"
#include "events/kinds/titles.h"
#include "events/kinds/unit_events.h"
#include "projections/texts/language.h"

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

/// The catalogue: everything that people read about values of the log, in both languages.  The log
/// stores and signs the values, never these texts.  Rules and their causes stand in rule_texts.h
/// and cause_texts.h, names of text fields in field_texts.h.
namespace projections {

/// The words for a value that this build does not know, because a newer build introduced it.
inline constexpr Text unknown_text{"không rõ (giá trị mới hơn phần mềm này)",
                                   "unknown (newer than this program)"};

/// The text of one number of a table.
struct TextRow {
  template <class Number>
  constexpr TextRow(Number value, std::string_view vi, std::string_view en)
      : number(static_cast<std::uint16_t>(value)), text{vi, en} {}

  std::uint16_t number;
  Text text;
};

/// What is said about an enumeration: what it is called, and one text for each of its values.
struct EnumTexts {
  Text noun;
  std::span<const TextRow> rows;
};

// One function for each enumeration; its argument says which one.
const EnumTexts& texts_of(events::TitleKind any);
const EnumTexts& texts_of(events::SubjectKind any);
const EnumTexts& texts_of(events::CollectiveKind any);
const EnumTexts& texts_of(events::GroupCode any);
const EnumTexts& texts_of(events::Gender any);
const EnumTexts& texts_of(events::AgeBand any);
const EnumTexts& texts_of(events::UnitKind any);
const EnumTexts& texts_of(events::AreaType any);
const EnumTexts& texts_of(events::OrganisationKind any);
const EnumTexts& texts_of(events::Role any);
const EnumTexts& texts_of(events::StreamKind any);
const EnumTexts& texts_of(events::DossierState any);
const EnumTexts& texts_of(events::LawfulBasis any);
const EnumTexts& texts_of(events::ProxyReason any);
const EnumTexts& texts_of(events::Confirmation any);
const EnumTexts& texts_of(events::EvidenceKind any);
const EnumTexts& texts_of(events::MediaType any);
const EnumTexts& texts_of(events::FilePart any);
const EnumTexts& texts_of(events::ReturnReason any);
const EnumTexts& texts_of(events::ReviewConclusion any);
const EnumTexts& texts_of(events::AppraisalOutcome any);
const EnumTexts& texts_of(events::NotRecognizedReason any);
const EnumTexts& texts_of(events::SigningCapacity any);
const EnumTexts& texts_of(events::CriteriaStatus any);
const EnumTexts& texts_of(events::CriteriaRuleKind any);
const EnumTexts& texts_of(events::CycleKind any);
const EnumTexts& texts_of(events::CyclePhase any);
const EnumTexts& texts_of(events::LatePolicy any);
const EnumTexts& texts_of(events::DeadlineBasis any);
const EnumTexts& texts_of(events::VerdictCode any);
const EnumTexts& texts_of(events::PowerFault any);
const EnumTexts& texts_of(events::TextFault any);
/// Why an event waits and which role decides about it: "Chờ xử lý: …".
const EnumTexts& texts_of(events::HoldReason any);
/// What an event does, inside a sentence: "tiếp nhận đăng ký", "accept a registration".
const EnumTexts& texts_of(events::EventType any);
/// What an officer should do when an operation failed with the code.
const EnumTexts& texts_of(events::ErrorCode any);

/// One sentence for each bit of Verdict::flags; the number of a row is the bit.
std::span<const TextRow> flag_texts();

template <class Enum>
concept InCatalogue = requires(Enum value) {
  { texts_of(value) } -> std::same_as<const EnumTexts&>;
};

/// The row of that number; null for a number that has none.
const TextRow* find_row(std::span<const TextRow> rows, std::uint64_t number);

/// The text of a value; unknown_text for a value that this build does not know.  A name that fits
/// inside a sentence begins with a small letter.
template <InCatalogue Enum>
std::string_view text_of(Enum value, Language language) {
  const TextRow* const row = find_row(texts_of(value).rows, static_cast<std::uint64_t>(value));
  return (row == nullptr ? unknown_text : row->text).in(language);
}

template <InCatalogue Enum>
std::string_view name_vi(Enum value) {
  return text_of(value, Language::vi);
}

template <InCatalogue Enum>
std::string_view name_en(Enum value) {
  return text_of(value, Language::en);
}

// What the tables assert while they are compiled.

constexpr bool has_row(std::span<const TextRow> rows, std::uint16_t number) {
  for (const TextRow& row : rows) {
    if (row.number == number) return true;
  }
  return false;
}

/// Whether each row has both texts, and no number or text stands there twice.
constexpr bool are_texts(std::span<const TextRow> rows) {
  for (std::size_t place = 0; place < rows.size(); ++place) {
    if (!rows[place].text.is_whole()) return false;
    for (const TextRow& earlier : rows.first(place)) {
      if (earlier.number == rows[place].number || earlier.text.vi == rows[place].text.vi ||
          earlier.text.en == rows[place].text.en) {
        return false;
      }
    }
  }
  return true;
}

/// Whether the rows are those of the enumeration: one for each value of its table.
template <events::Tabled Enum>
consteval bool cover(std::span<const TextRow> rows) {
  for (const events::EnumRow<Enum>& known : events::rows_of<Enum>()) {
    if (!has_row(rows, static_cast<std::uint16_t>(known.value))) return false;
  }
  return rows.size() == events::rows_of<Enum>().size() && are_texts(rows);
}

}  // namespace projections
