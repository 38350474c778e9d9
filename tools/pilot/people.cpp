#include "tools/pilot/people.h"

#include "events/base/check.h"

#include <algorithm>
#include <span>
#include <string_view>

namespace pilot {
namespace {

using Names = std::span<const std::string_view>;

constexpr std::string_view kinh_families[] = {"Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Vũ",
                                              "Đặng",   "Bùi",  "Đỗ", "Ngô",  "Dương", "Đinh"};
constexpr std::string_view thai_families[] = {"Lò", "Quàng", "Lường", "Cà",  "Tòng",
                                              "Vì", "Lèo",   "Bạc",   "Cầm", "Hoàng"};
constexpr std::string_view mong_families[] = {"Giàng", "Vàng", "Sùng", "Mùa", "Thào",
                                              "Hạng",  "Lầu",  "Cứ",   "Chá"};
constexpr std::string_view kho_mu_families[] = {"Lò", "Quàng", "Cút", "Moong", "Lường"};
constexpr std::string_view kinh_men[] = {"Hùng", "Dũng", "Tuấn",  "Long",  "Quân", "Thắng",
                                         "Hòa",  "Sơn",  "Khánh", "Nghĩa", "Đức",  "Trường"};
constexpr std::string_view kinh_women[] = {"Hương", "Thủy", "Hạnh", "Nga",  "Lan",   "Mai",
                                           "Quỳnh", "Yến",  "Ngọc", "Thảo", "Huyền", "Hoà"};
constexpr std::string_view thai_men[] = {"Pâng", "Tiến",  "Ún",   "Chướng", "Hặc",
                                         "Inh",  "Thoan", "Biên", "Xôm",    "Pọm"};
constexpr std::string_view thai_women[] = {"Mai",  "Ọi",  "Lả",   "Pánh", "Hiêng",
                                           "Hoán", "Bun", "Xuân", "Đôi",  "Ín"};
constexpr std::string_view mong_men[] = {"Pó", "Dế", "Chứ", "Sính", "Lử", "Nênh", "Tủa", "Vừ"};
constexpr std::string_view mong_women[] = {"Mỷ", "Dợ", "Sua", "Chở", "Máy", "Dia", "Pà", "Ca"};
constexpr std::string_view middles_men[] = {"Văn", "Đức", "Minh", "Quốc", "Xuân", "Hữu"};
constexpr std::string_view middles_women[] = {"Thị", "Thị", "Thị Thu", "Ngọc", "Thị Kim", "Thanh"};

std::string joined(std::string_view first, std::string_view second, std::string_view third = "") {
  std::string text(first);
  text.append(" ").append(second);
  if (!third.empty()) text.append(" ").append(third);
  return text;
}

/// A number whose fourth to sixth digits agree with gender and birth year; the rest is drawn.
std::string id_number(Dice& random, events::Gender gender, int year) {
  const bool born_after_2000 = year >= 2000;
  const bool woman = gender == events::Gender::female;
  std::string number = "011";
  number.push_back(static_cast<char>('0' + (born_after_2000 ? 2 : 0) + (woman ? 1 : 0)));
  number.push_back(static_cast<char>('0' + year / 10 % 10));
  number.push_back(static_cast<char>('0' + year % 10));
  while (number.size() < 12) number.push_back(static_cast<char>('0' + random.below(10)));
  return number;
}

}  // namespace

Ethnicity PeopleMaker::ethnicity() {
  const std::uint32_t draw = random_.below(100);
  if (rural_) {
    if (draw < 62) return Ethnicity::thai;
    if (draw < 80) return Ethnicity::mong;
    if (draw < 90) return Ethnicity::kho_mu;
    return draw < 97 ? Ethnicity::kinh : Ethnicity::lao;
  }
  if (draw < 68) return Ethnicity::kinh;
  return draw < 93 ? Ethnicity::thai : Ethnicity::mong;
}

std::string PeopleMaker::name(Ethnicity ethnicity, events::Gender gender) {
  const bool woman = gender == events::Gender::female;
  switch (ethnicity) {
    case Ethnicity::kinh:
      return joined(random_.pick(Names(kinh_families)),
                    random_.pick(woman ? Names(middles_women) : Names(middles_men)),
                    random_.pick(woman ? Names(kinh_women) : Names(kinh_men)));
    case Ethnicity::mong: {
      // Men of some lineages carry the middle name A, many women have two-word names.
      const std::string_view family = random_.pick(Names(mong_families));
      if (woman && random_.chance(50)) return joined(family, random_.pick(Names(mong_women)));
      return joined(family, woman ? "Thị" : "A",
                    random_.pick(woman ? Names(mong_women) : Names(mong_men)));
    }
    case Ethnicity::thai:
    case Ethnicity::kho_mu:
    case Ethnicity::lao:
      break;
  }
  const Names families =
      ethnicity == Ethnicity::kho_mu ? Names(kho_mu_families) : Names(thai_families);
  return joined(random_.pick(families), woman ? "Thị" : "Văn",
                random_.pick(woman ? Names(thai_women) : Names(thai_men)));
}

events::PartialDate PeopleMaker::birth(std::uint32_t first_year, std::uint32_t last_year) {
  const auto year = static_cast<std::uint16_t>(random_.between(first_year, last_year));
  const auto month = static_cast<std::uint8_t>(random_.between(1, 12));
  const auto day = static_cast<std::uint8_t>(
      random_.between(1, static_cast<std::uint32_t>(events::days_in_month(year, month))));
  const std::uint32_t draw = random_.below(100);
  // Older papers of mountain communes often know only the year.
  const std::uint32_t year_only = rural_ ? 40 : 8;
  if (draw < year_only) return {year, 0, 0};
  if (draw < year_only + 5) return {year, month, 0};
  return {year, month, day};
}

PilotPerson PeopleMaker::make() {
  PilotPerson person;
  person.gender = random_.chance(52) ? events::Gender::female : events::Gender::male;
  const Ethnicity group = ethnicity();
  person.record.full_name = name(group, person.gender);
  person.record.birth = birth(1952, 2001);
  person.record.ethnicity = static_cast<std::uint8_t>(group);
  if (random_.chance(rural_ ? 55 : 90)) {
    person.record.id_number = id_number(random_, person.gender, person.record.birth.year);
  }
  person.age_band = age_band_on(person.record.birth, events::day_of({2020, 12, 31}));
  return person;
}

PilotPerson PeopleMaker::make_officer() {
  PilotPerson person = make();
  person.record.birth = birth(1965, 1988);
  person.record.id_number.clear();
  person.age_band = age_band_on(person.record.birth, events::day_of({2020, 12, 31}));
  return person;
}

events::AgeBand age_band_on(const events::PartialDate& birth, events::Day day) {
  const events::CalendarDate on = events::calendar_date(day);
  int age = on.year - birth.year;
  const bool later_this_year =
      birth.month > on.month || (birth.month == on.month && birth.day > on.day);
  if (birth.month != 0 && later_this_year) --age;
  using enum events::AgeBand;
  if (birth.year == 0) return unknown;
  if (age < 15) return under_15;
  if (age < 25) return from_15_to_24;
  if (age < 35) return from_25_to_34;
  if (age < 45) return from_35_to_44;
  if (age < 60) return from_45_to_59;
  return age < 80 ? from_60_to_79 : from_80;
}

std::vector<std::uint16_t> scores_with_total(Dice& random, std::uint16_t total_tenths) {
  CHECK(total_tenths >= 500 && total_tenths <= 1000 && total_tenths % 5 == 0,
        "ten scores from 5.0 to 10.0 in half points");
  std::vector<std::uint16_t> scores(10, 50);
  for (int left = (total_tenths - 500) / 5; left > 0;) {
    std::uint16_t& score = scores[random.below(10)];
    if (score == 100) continue;
    score = static_cast<std::uint16_t>(score + 5);
    --left;
  }
  return scores;
}

}  // namespace pilot
