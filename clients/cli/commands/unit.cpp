#include "clients/cli/commands.h"
#include "clients/cli/output/refusal_help.h"
#include "clients/cli/output/text_errors.h"
#include "clients/cli/output/words.h"
#include "clients/cli/text_file.h"
#include "clients/cli/unit_file.h"
#include "clients/core/acts/units.h"

#include <algorithm>
#include <optional>
#include <string>

// Commands about units and organisations: unit-import, organisation.

namespace clients {

using events::Result;
namespace json = boost::json;

namespace {

constexpr std::size_t unit_file_bytes_max = 4 << 20;
/// Units that are recorded together, in one synced write.
constexpr std::size_t units_per_step = 500;

struct ImportOptions {
  std::string file, basis, closed_from;
  bool dry_run = false;
};

/// The day from which codes are free again; nothing when none was said.
Result<std::optional<events::Day>> replaced_from(const ImportOptions& options) {
  if (options.closed_from.empty()) return std::optional<events::Day>{};
  const Result<events::Day> day = parse_business_day(options.closed_from);
  if (!day) return day.error();
  return std::optional{*day};
}

Result<int> run_import(Session& session, const ImportOptions& options) {
  const Result<Device*> device = session.device();
  if (!device) return device.error();
  Workspace& workspace = (*device)->workspace();
  const Result<std::string> content = read_text_file(options.file, unit_file_bytes_max);
  if (!content) return content.error();
  Result<UnitFile> file = read_unit_file(*content);
  if (!file) return file.error();
  // Once for all lines.
  if (const Result<std::string> basis = typed_text(options.basis); !basis) return basis.error();

  const Result<acts::Occasion> occasion = session.occasion();
  if (!occasion) return occasion.error();
  const Result<std::optional<events::Day>> replaced = replaced_from(options);
  if (!replaced) return replaced.error();
  acts::UnitImport import(workspace.pending().units(), options.basis, *replaced);
  std::vector<BadLine> doubtful;  // Recorded all the same.
  acts::Draft draft(workspace);
  std::size_t recorded = 0;
  std::optional<events::Verdict> refused;  // Of the step that stopped the import.
  std::string help;
  const auto record_step = [&]() -> Result<void> {
    const Result<RecordedTogether> done = session.try_record(draft);
    if (!done) return done.error();
    if (done->refused) {
      refused = done->recorded[*done->refused].verdict;
      help = help_for(*refused, draft.requests()[*done->refused], workspace).value_or("");
    } else {
      recorded += draft.size();
    }
    draft = acts::Draft(workspace);
    return {};
  };
  for (const UnitLine& line : file->lines) {
    std::string_view column;
    const Result<events::UnitId> unit = import.add(draft, *occasion, line, column);
    if (!unit) {
      const events::Error why =
          import.bad_text() ? bad_text_error(*import.bad_text()) : unit.error();
      file->bad.push_back({line.number, column, why.message});
      continue;
    }
    if (import.has_name_of_another()) {
      doubtful.push_back(
          {line.number, "name", "đã ghi, nhưng cấp trên này đã có đơn vị đang mở cùng tên"});
    }
    if (draft.size() < units_per_step || options.dry_run) continue;
    if (Result<void> done = record_step(); !done) return done.error();
    if (refused) break;
  }
  const std::size_t would_record = options.dry_run ? draft.size() : 0;
  if (draft.size() != 0 && !options.dry_run) {
    if (Result<void> done = record_step(); !done) return done.error();
  }

  std::ranges::sort(file->bad, {}, &BadLine::number);
  if (session.options().json) {
    json::object answer;
    answer["recorded"] = recorded;
    if (options.dry_run) answer["would_record"] = would_record;
    json::array& bad = answer["bad"].emplace_array();
    for (const BadLine& line : file->bad) {
      bad.push_back(json::object{
          {"line", line.number},
          {"column", line.column.empty() ? json::value(nullptr) : json::value(line.column)}});
    }
    json::array& same = answer["same_name"].emplace_array();
    for (const BadLine& line : doubtful) same.push_back(line.number);
    if (refused) answer["verdict"] = json_of(*refused);
    print_json(session.out(), answer);
  } else {
    for (const BadLine& line : file->bad) {
      print(session.out(), "{}:{}: {}\n", options.file, line.number, line.why);
    }
    for (const BadLine& line : doubtful) {
      print(session.out(), "{}:{}: {}\n", options.file, line.number, line.why);
    }
    const auto from_beginning = std::ranges::count_if(file->lines, &UnitLine::is_from_beginning);
    if (from_beginning > 0) {
      print(session.out(), "{} đơn vị có từ trước năm 1970: ghi là có từ đầu sổ.\n",
            from_beginning);
    }
    if (options.dry_run) {
      print(session.out(), "Chỉ xem trước: sẽ ghi {} đơn vị, bỏ qua {} dòng.\n", would_record,
            file->bad.size());
    } else {
      print(session.out(), "Đã ghi {} đơn vị, bỏ qua {} dòng. {}\n", recorded, file->bad.size(),
            recorded == 0 ? "" : "Chỉ có trên thiết bị này — chờ đồng bộ.");
    }
    if (refused) {
      print(session.out(), "Các đơn vị còn lại bị từ chối ngay.\n  {}\n",
            projections::explain(*refused));
      if (!help.empty()) print(session.out(), "  {}\n", help);
    }
  }
  return file->bad.empty() && !refused ? exit_ok : exit_refused;
}

struct OrganisationOptions {
  std::string kind, unit, name, valid_from;
};

Result<int> run_organisation(Session& session, const OrganisationOptions& options) {
  const auto kind = parse_word<events::OrganisationKind>(options.kind);
  if (!kind) return kind.error();
  const Result<events::UnitId> unit = session.unit(options.unit);
  if (!unit) return unit.error();
  const Result<events::Day> day = parse_business_day(options.valid_from);
  if (!day) return day.error();
  return session.perform([&](acts::Draft& draft, const acts::Occasion& occasion) {
    return acts::establish(draft, occasion, {*kind, *unit, options.name, *day});
  });
}

}  // namespace

void add_unit_commands(CommandLine& line) {
  add_command<ImportOptions>(
      line, "unit-import",
      "Nhập đơn vị hành chính từ tệp CSV; dòng sai được nêu, dòng đúng được ghi",
      "  khuyenhoc --home admin unit-import don-vi.csv --basis \"NQ 1661/NQ-UBTVQH15\"\n"
      "  Dòng đầu: code,name,kind,parent_code,area,valid_from\n"
      "  03334,Phường Mường Thanh,ward,11,urban,2025-07-01\n"
      "  -bnt,Bản Nà Tấu,hamlet,03316,rural,2025-07-01\n"
      "  (mã bắt đầu bằng - chỉ dùng trong tệp)",
      [](CommandOptions& command, ImportOptions& options) {
        command.add_option("file", options.file, "Tệp CSV").required();
        command.add_option("--basis", options.basis, "Văn bản thành lập, như trên giấy");
        command.add_option("--closed-from", options.closed_from,
                           "Từ ngày này mã số của đơn vị cũ được dùng lại: một quyết định nhập sau "
                           "bằng unit-change kết thúc đơn vị cũ");
        command.add_flag("--dry-run", options.dry_run, "Chỉ xem trước, không ghi gì");
      },
      run_import);
  add_command<OrganisationOptions>(
      line, "organisation", "Nhập một tổ chức Hội, ủy ban, chi hội, ban",
      "  khuyenhoc --home admin organisation --kind \"Hội Khuyến học\" --unit 03316 \\\n"
      "    --name \"Hội Khuyến học xã Nà Tấu\" --from 01/07/2025",
      [](CommandOptions& command, OrganisationOptions& options) {
        command.add_option("--kind", options.kind, "Loại: " + words_of<events::OrganisationKind>())
            .required();
        command.add_option("--unit", options.unit, "Đơn vị: mã, mã số hoặc tên").required();
        command.add_option("--name", options.name, "Tên").required();
        command.add_option("--from", options.valid_from, "Có từ ngày").required();
      },
      run_organisation);
}

}  // namespace clients
