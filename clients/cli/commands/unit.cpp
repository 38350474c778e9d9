#include "clients/cli/commands.h"
#include "clients/cli/output/refusal_help.h"
#include "clients/cli/output/words.h"
#include "clients/cli/text_file.h"
#include "clients/cli/unit_file.h"
#include "clients/device/platform.h"

#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>

// Commands about units and organisations: unit-import, organisation.

namespace clients {

using events::Result;
namespace json = boost::json;

namespace {

constexpr std::size_t unit_file_bytes_max = 4 << 20;
/// Units that are recorded together, in one synced write.
constexpr std::size_t units_per_step = 500;

struct ImportOptions {
  std::string file, basis;
};

struct KnownUnit {
  events::UnitId id;
  events::UnitKind kind{};
};

/// What is there already or stands further up in the file.
struct KnownUnits {
  std::map<std::string, KnownUnit> by_code;                ///< By the code that files name them by.
  std::set<std::pair<events::UnitId, std::string>> names;  ///< With their parents.

  void add(const std::string& code, const KnownUnit& unit, events::UnitId parent,
           const std::string& name) {
    if (!code.empty()) by_code.insert_or_assign(code, unit);
    names.emplace(parent, name);
  }
};

KnownUnits open_units(const projections::Units& units) {
  KnownUnits known;
  for (const projections::Unit& unit : units.all()) {
    if (unit.closed_from) continue;
    const projections::UnitVersion& latest = unit.latest();
    known.add(latest.official_code, {unit.id, unit.kind}, latest.parent, latest.name);
  }
  return known;
}

/// The request for one line, or why there is none; `column` becomes the one that is wrong.
Result<RecordRequest> unit_request(Session& session, const UnitLine& line, const std::string& basis,
                                   const KnownUnits& known, std::string_view& column) {
  column = "code";
  if (known.by_code.contains(line.code)) return usage_error("mã này đã có đơn vị đang mở");
  events::UnitCreated created;
  column = "parent_code";
  if (!line.parent_code.empty()) {
    const auto parent = known.by_code.find(line.parent_code);
    if (parent == known.by_code.end()) {
      return usage_error(fmt::format("không có đơn vị cấp trên mã {}", line.parent_code));
    }
    if (!projections::fits_below(line.kind, parent->second.kind)) {
      return usage_error(fmt::format("loại {} không thể nằm dưới đơn vị mã {} (loại {})",
                                     name_vi(line.kind), line.parent_code,
                                     name_vi(parent->second.kind)));
    }
    created.parent = parent->second.id;
  }
  column = {};
  created.kind = line.kind;
  created.name = line.name;
  if (!line.code.starts_with('-')) created.official_code = line.code;
  created.area = line.area;
  created.valid_from = line.valid_from;
  created.basis = basis;
  return session.request(std::move(created));
}

Result<int> run_import(Session& session, const ImportOptions& options) {
  const Result<Device*> device = session.device();
  if (!device) return device.error();
  Workspace& workspace = (*device)->workspace();
  const Result<std::string> content = read_text_file(options.file, unit_file_bytes_max);
  if (!content) return content.error();
  Result<UnitFile> file = read_unit_file(*content);
  if (!file) return file.error();
  const Result<std::string> basis = typed_text(options.basis);
  if (!basis) return basis.error();

  KnownUnits known = open_units(workspace.pending().units());
  std::vector<BadLine> doubtful;  // Recorded all the same.
  std::vector<RecordRequest> requests;
  std::size_t recorded = 0;
  std::optional<events::Verdict> refused;  // Of the step that stopped the import.
  std::string help;
  const auto record_step = [&]() -> Result<void> {
    const Result<RecordedTogether> done = session.try_record(requests);
    if (!done) return done.error();
    if (done->refused) {
      refused = done->recorded[*done->refused].verdict;
      help = help_for(*refused, requests[*done->refused], workspace).value_or("");
    } else {
      recorded += requests.size();
    }
    requests.clear();
    return {};
  };
  for (const UnitLine& line : file->lines) {
    std::string_view column;
    Result<RecordRequest> request = unit_request(session, line, *basis, known, column);
    if (!request) {
      file->bad.push_back({line.number, column, request.error().message});
      continue;
    }
    const events::UnitId parent = std::get<events::UnitCreated>(request->payload).parent;
    if (known.names.contains({parent, line.name})) {
      doubtful.push_back(
          {line.number, "name", "đã ghi, nhưng cấp trên này đã có đơn vị đang mở cùng tên"});
    }
    known.add(line.code, {events::UnitId{workspace.next_id(requests.size())}, line.kind}, parent,
              line.name);
    requests.push_back(std::move(*request));
    if (requests.size() < units_per_step) continue;
    if (Result<void> done = record_step(); !done) return done.error();
    if (refused) break;
  }
  if (!requests.empty()) {
    if (Result<void> done = record_step(); !done) return done.error();
  }

  std::ranges::sort(file->bad, {}, &BadLine::number);
  if (session.options().json) {
    json::object answer;
    answer["recorded"] = recorded;
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
    print(session.out(), "Đã ghi {} đơn vị, bỏ qua {} dòng. {}\n", recorded, file->bad.size(),
          recorded == 0 ? "" : "Chỉ có trên thiết bị này — chờ đồng bộ.");
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
  events::OrganisationEstablished established;
  const auto kind = parse_word<events::OrganisationKind>(options.kind);
  if (!kind) return kind.error();
  const Result<events::UnitId> unit = session.unit(options.unit);
  if (!unit) return unit.error();
  const Result<events::Day> day = parse_business_day(options.valid_from);
  if (!day) return day.error();
  if (Result<void> filled = fill_fields({{options.name, established.name}}); !filled) {
    return filled.error();
  }
  established.kind = *kind;
  established.unit = *unit;
  established.valid_from = *day;
  Result<RecordRequest> request = session.request(std::move(established));
  if (!request) return request.error();
  return session.record({&*request, 1});
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
