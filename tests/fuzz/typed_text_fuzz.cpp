// What people type or hand over as text: it is refused with a reason, or means one thing, and that
// is kept as it will be read.  The first byte says what is being read.

#include "clients/cli/unit_file.h"
#include "clients/core/acts/invitation.h"
#include "clients/core/acts/person_input.h"
#include "clients/core/acts/score_input.h"
#include "events/base/check.h"
#include "events/base/paper_day.h"
#include "events/base/time.h"
#include "events/text/text_check.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace {

template <class T>
void refused_with_reason(const events::Result<T>& read) {
  CHECK(read || !read.error().message.empty(), "an error says what is wrong");
}

template <class T>
bool same(const events::Result<T>& read, const T& expected) {
  return read && *read == expected;
}

void read_numbers(std::string_view text) {
  const auto number = clients::read_id_number(text);
  refused_with_reason(number);
  if (number) {
    CHECK(number->size() == 12, "a number has 12 digits");
    CHECK(same(clients::read_id_number(*number), *number), "and reads back as it is kept");
  }
  const auto phone = clients::read_phone(text);
  refused_with_reason(phone);
  if (phone) {
    CHECK(phone->starts_with("+84"), "a telephone number is of Viet Nam");
    CHECK(same(clients::read_phone(*phone), *phone), "and reads back as it is kept");
  }
}

void read_days(std::string_view text) {
  if (const auto day = events::parse_day(text)) {
    CHECK(events::parse_day(events::to_iso(*day)) == day, "a day reads back");
    CHECK(events::parse_day(events::to_vietnamese(*day)) == day, "as people write it, too");
  }
  if (const auto day = events::parse_paper_day(text)) {
    CHECK(events::parse_paper_day(events::to_iso(*day)) == day, "a day of a paper reads back");
  }
  if (const auto date = events::parse_partial_date(text);
      date && events::is_valid_birth_date(*date, 2026)) {
    CHECK(events::parse_partial_date(events::to_vietnamese(*date)) == date, "so does a birth");
  }
}

void read_invitation(std::string_view text) {
  const auto invitation = clients::read_invitation(text);
  refused_with_reason(invitation);
  if (!invitation) return;
  CHECK(invitation->code.size() == 16 && invitation->fingerprint.size() == 10, "16 and 10 letters");
  CHECK(same(clients::read_invitation(invitation->spelled()), *invitation), "it reads back");
}

void read_scores(std::string_view text) {
  static const std::vector<clients::SheetColumn> columns = {{"A1", 5}, {"A2", 10}, {"B1", 1}};
  std::vector<std::string> words;
  while (!text.empty() && words.size() < 8) {
    const std::size_t end = text.find('\n');
    words.emplace_back(text.substr(0, end));
    if (end == std::string_view::npos) break;
    text.remove_prefix(end + 1);
  }
  const auto scores = clients::read_scores(words, columns);
  refused_with_reason(scores);
  if (scores) CHECK(scores->size() == columns.size(), "each column has a score, none is invented");
}

void read_units(std::string_view text) {
  const auto file = clients::read_unit_file(text);
  refused_with_reason(file);
  if (!file) return;
  for (const clients::UnitLine& line : file->lines) {
    CHECK(!line.name.empty() && !line.code.empty(), "a unit has a name and a code");
    CHECK(line.number > 1, "the first line is the heading");
  }
  for (const clients::BadLine& line : file->bad) CHECK(!line.why.empty(), "a bad line says why");
}

/// Of every text: as it is kept, and as it is shown.
void check_texts(std::string_view text) {
  if (const auto kept = events::clean_typed_text(text)) {
    CHECK(same(events::clean_typed_text(*kept), *kept), "what is kept is not changed again");
    CHECK(events::check_text(*kept, kept->size(), true) != events::TextFault::form,
          "what is kept is in NFC");
  }
  const std::string shown = events::escape_text(text, false);
  const auto fault = events::check_text(shown, shown.size(), false);
  CHECK(!fault || *fault == events::TextFault::form, "what is shown is harmless");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  constexpr std::array readers = {read_numbers, read_days, read_invitation, read_scores,
                                  read_units};
  const std::string_view text(reinterpret_cast<const char*>(data + 1), size - 1);
  readers[data[0] % readers.size()](text);
  check_texts(text);
  return 0;
}
