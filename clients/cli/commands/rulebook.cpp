#include "clients/core/acts/rulebook.h"

#include "clients/cli/commands.h"
#include "clients/cli/output/words.h"
#include "clients/cli/text_file.h"
#include "platform/json_text.h"
#include "projections/criteria/criteria.h"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <utility>

// Commands about criteria and rounds: criteria-publish, cycle-open.

namespace clients {

using events::Result;
namespace json = boost::json;

namespace {

struct CriteriaOptions {
  std::string file;
};

Result<int> run_criteria_publish(Session& session, const CriteriaOptions& options) {
  const Result<std::string> content =
      read_text_file(options.file, projections::criteria_file_bytes_max);
  if (!content) return content.error();
  Result<events::CriteriaPublished> criteria = projections::read_criteria_file(
      platform::read_json(*content, projections::criteria_file_limits));
  if (!criteria) {
    return usage_error(fmt::format("Tệp {} chưa đúng: {}", options.file, criteria.error().message));
  }
  return session.perform([&](acts::Draft& draft, const acts::Occasion& occasion) {
    acts::publish_criteria(draft, occasion, *criteria);
  });
}

// ---- cycle-open ----

/// The fields of a round as they are typed or stand in a file.
struct CycleOptions {
  std::string file;
  std::uint32_t year = 0;  ///< Fills the phases of an ordinary year.
  std::string title, criteria, label, kind;
  std::string registration, self_assessment, review, appraisal, decision;
  std::string late_policy, deadline_basis, grace_days, reference_day;
};

struct CycleField {
  const char* name;  ///< As an option with dashes, in files with underscores.
  std::string CycleOptions::*field;
  const char* what;
  std::string (*words)() = nullptr;  ///< What it can be, where that is one of a few.
};

constexpr std::array cycle_fields = {
    CycleField{"title", &CycleOptions::title, "Danh hiệu", words_of<events::TitleKind>},
    CycleField{"criteria", &CycleOptions::criteria, "Bộ tiêu chí: mã hoặc ký hiệu"},
    CycleField{"label", &CycleOptions::label, "Tên đợt, ví dụ 2025"},
    CycleField{"kind", &CycleOptions::kind, "Loại đợt xét", words_of<events::CycleKind>},
    CycleField{"registration", &CycleOptions::registration, "Đăng ký: NGÀY..NGÀY"},
    CycleField{"self_assessment", &CycleOptions::self_assessment, "Tự đánh giá: NGÀY..NGÀY"},
    CycleField{"review", &CycleOptions::review, "Bình xét: NGÀY..NGÀY"},
    CycleField{"appraisal", &CycleOptions::appraisal, "Thẩm định: NGÀY..NGÀY"},
    CycleField{"decision", &CycleOptions::decision, "Quyết định: NGÀY..NGÀY"},
    CycleField{"late_policy", &CycleOptions::late_policy, "Khi muộn", words_of<events::LatePolicy>},
    CycleField{"deadline_basis", &CycleOptions::deadline_basis, "Hạn tính theo",
               words_of<events::DeadlineBasis>},
    CycleField{"grace_days", &CycleOptions::grace_days, "Số ngày được gửi chậm"},
    CycleField{"reference_day", &CycleOptions::reference_day, "Ngày tính tuổi"},
};

/// "--self-assessment" for the field self_assessment.
std::string option_of(const CycleField& field) {
  std::string option = std::string("--") + field.name;
  std::ranges::replace(option, '_', '-');
  return option;
}

/// The calendar and the late rules of an ordinary year, for whoever asks for one by --year; fields
/// that are given stay as they are.
void fill_year(CycleOptions& options) {
  struct Usual {
    std::string CycleOptions::*field;
    const char* form;
  };
  static constexpr std::array usual = {
      Usual{&CycleOptions::label, "{0}"},
      Usual{&CycleOptions::registration, "{0}-01-01..{0}-03-31"},
      Usual{&CycleOptions::self_assessment, "{0}-09-01..{0}-10-15"},
      Usual{&CycleOptions::review, "{0}-10-15..{0}-11-05"},
      Usual{&CycleOptions::appraisal, "{0}-11-05..{0}-11-25"},
      Usual{&CycleOptions::decision, "{0}-11-05..{0}-11-30"},
      Usual{&CycleOptions::reference_day, "{0}-12-31"},
      Usual{&CycleOptions::kind, "annual"},
      Usual{&CycleOptions::late_policy, "accept_if_declared_in_time"},
      Usual{&CycleOptions::deadline_basis, "declared"},
      Usual{&CycleOptions::grace_days, "7"},
  };
  for (const Usual& entry : usual) {
    std::string& field = options.*entry.field;
    if (field.empty()) field = fmt::format(fmt::runtime(entry.form), options.year);
  }
}

Result<void> read_cycle_file(CycleOptions& options) {
  const Result<std::string> content = read_text_file(options.file, 64 * 1024);
  if (!content) return content.error();
  boost::system::error_code wrong;
  const json::value parsed = json::parse(*content, wrong);
  if (wrong || !parsed.is_object()) {
    return usage_error(fmt::format("Tệp {} không phải là một đối tượng JSON.", options.file));
  }
  for (const auto& member : parsed.as_object()) {
    bool known = false;
    for (const CycleField& field : cycle_fields) {
      if (member.key() != field.name) continue;
      known = true;
      if (member.value().is_string()) {
        options.*field.field = std::string(member.value().as_string());
      } else {
        options.*field.field = json::serialize(member.value());
      }
    }
    if (!known) {
      return usage_error(
          fmt::format("Tệp {} có trường lạ “{}”.", options.file, std::string_view(member.key())));
    }
  }
  return {};
}

/// "2025-01-01..2025-03-31".
Result<events::Phase> parse_phase(const char* name, std::string_view text) {
  const std::size_t dots = text.find("..");
  if (dots == std::string_view::npos) {
    return usage_error(fmt::format("{} phải viết NGÀY..NGÀY, ví dụ 2025-01-01..2025-03-31.", name));
  }
  const Result<events::Day> first = parse_business_day(text.substr(0, dots));
  if (!first) return first.error();
  const Result<events::Day> last = parse_business_day(text.substr(dots + 2));
  if (!last) return last.error();
  return events::Phase{*first, *last};
}

/// Every field is somebody's word: what is missing is named.
Result<void> check_whole(const CycleOptions& options) {
  std::string missing;
  for (const CycleField& field : cycle_fields) {
    if (!(options.*field.field).empty()) continue;
    std::string option = option_of(field);
    missing += (missing.empty() ? "" : ", ") + option;
  }
  if (missing.empty()) return {};
  return usage_error(fmt::format(
      "Đợt xét còn thiếu {}; hãy ghi rõ, hoặc dùng --year NĂM cho lịch thông thường.", missing));
}

Result<acts::NewCycle> cycle_from(Session& session, const CycleOptions& options) {
  acts::NewCycle opened;
  const auto title = parse_word<events::TitleKind>(options.title);
  if (!title) return title.error();
  const auto kind = parse_word<events::CycleKind>(options.kind);
  if (!kind) return kind.error();
  const auto policy = parse_word<events::LatePolicy>(options.late_policy);
  if (!policy) return policy.error();
  const auto basis = parse_word<events::DeadlineBasis>(options.deadline_basis);
  if (!basis) return basis.error();
  const Result<events::CriteriaId> criteria = session.criteria(options.criteria);
  if (!criteria) return criteria.error();
  const Result<events::Day> reference = parse_business_day(options.reference_day);
  if (!reference) return reference.error();
  const bool digits = !options.grace_days.empty() && options.grace_days.size() <= 4 &&
                      options.grace_days.find_first_not_of("0123456789") == std::string::npos;
  if (!digits) return usage_error("Số ngày gửi chậm phải là số.");
  opened.grace_days = static_cast<std::uint16_t>(std::stoul(options.grace_days));
  opened.label = options.label;

  struct PhaseField {
    const char* name;
    std::string CycleOptions::*typed;
    events::Phase acts::NewCycle::*phase;
  };
  using Opened = acts::NewCycle;
  static constexpr std::array phases = {
      PhaseField{"--registration", &CycleOptions::registration, &Opened::registration},
      PhaseField{"--self-assessment", &CycleOptions::self_assessment, &Opened::self_assessment},
      PhaseField{"--review", &CycleOptions::review, &Opened::review},
      PhaseField{"--appraisal", &CycleOptions::appraisal, &Opened::appraisal},
      PhaseField{"--decision", &CycleOptions::decision, &Opened::decision},
  };
  for (const PhaseField& entry : phases) {
    const Result<events::Phase> phase = parse_phase(entry.name, options.*entry.typed);
    if (!phase) return phase.error();
    opened.*entry.phase = *phase;
  }
  opened.title = *title;
  opened.criteria = *criteria;
  opened.kind = *kind;
  opened.late_policy = *policy;
  opened.deadline_basis = *basis;
  opened.reference_day = *reference;
  return opened;
}

Result<int> run_cycle_open(Session& session, const CycleOptions& given) {
  CycleOptions options = given;
  if (!options.file.empty()) {
    if (Result<void> read = read_cycle_file(options); !read) return read.error();
  }
  if (options.year != 0) fill_year(options);
  if (Result<void> whole = check_whole(options); !whole) return whole.error();
  const Result<acts::NewCycle> cycle = cycle_from(session, options);
  if (!cycle) return cycle.error();
  return session.perform([&](acts::Draft& draft, const acts::Occasion& occasion) {
    return acts::open_cycle(draft, occasion, *cycle);
  });
}

}  // namespace

void add_rulebook_commands(CommandLine& line) {
  add_command<CriteriaOptions>(
      line, "criteria-publish", "Ban hành một bộ tiêu chí từ tệp JSON",
      "  khuyenhoc --home admin criteria-publish cdht-324-2022.json",
      [](CommandOptions& command, CriteriaOptions& options) {
        command.add_option("file", options.file, "Tệp JSON").required();
      },
      run_criteria_publish);
  add_command<CycleOptions>(
      line, "cycle-open", "Mở một đợt xét",
      "  khuyenhoc --home admin cycle-open --year 2025 --title \"Công dân học tập\" \\\n"
      "    --criteria CDHT-324-2022\n"
      "  khuyenhoc --home admin cycle-open dot-2025.json",
      [](CommandOptions& command, CycleOptions& options) {
        command.add_option("file", options.file, "Tệp JSON với các trường như các lựa chọn");
        command.add_option("--year", options.year,
                           "Điền lịch và cách xử lý khi muộn thông thường của năm này");
        for (const CycleField& field : cycle_fields) {
          std::string what = field.what;
          if (field.words != nullptr) what += ": " + field.words();
          command.add_option(option_of(field), options.*field.field, what);
        }
      },
      run_cycle_open);
}

}  // namespace clients
