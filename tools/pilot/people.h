#pragma once

#include "events/base/time.h"
#include "events/kinds/titles.h"
#include "events/log/private_record.h"
#include "tools/pilot/dice.h"

#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace pilot {

/// Ethnic groups of the pilot's people, with their national codes (domain.md 5.4).
enum class Ethnicity : std::uint8_t { kinh = 1, thai = 3, mong = 8, kho_mu = 22, lao = 45 };

/// A synthetic person.  Nobody here exists.
struct PilotPerson {
  events::PersonRecord record;
  events::Gender gender{};
  events::AgeBand age_band{};
};

/// Makes people of a place: names as each ethnic group forms them, birth dates as well as papers
/// know them (a day, a month, only a year), numbers for some.
class PeopleMaker {
 public:
  /// `rural`: more Thái, Mông and Khơ Mú people, older papers.
  PeopleMaker(Dice& random, bool rural) : random_(random), rural_(rural) {}

  /// A grown-up whose age fits somebody in work or on the farm in 2020.
  PilotPerson make();
  /// A name with the birth year of an officer.
  PilotPerson make_officer();

 private:
  Ethnicity ethnicity();
  std::string name(Ethnicity ethnicity, events::Gender gender);
  events::PartialDate birth(std::uint32_t first_year, std::uint32_t last_year);

  Dice& random_;
  bool rural_;
};

/// The age band on `day` as far as the date tells: by the year's difference when only that is
/// known.
events::AgeBand age_band_on(const events::PartialDate& birth, events::Day day);

/// Scores in tenths, multiples of 5, each at least 50, which sum to `total_tenths`.
/// Expects: 500 ≤ total_tenths ≤ 1000, a multiple of 5.
std::vector<std::uint16_t> scores_with_total(Dice& random, std::uint16_t total_tenths);

}  // namespace pilot
