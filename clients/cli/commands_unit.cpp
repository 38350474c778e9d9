#include "clients/cli/commands.h"
#include "clients/cli/machine.h"
#include "clients/cli/text_file.h"
#include "clients/cli/unit_file.h"
#include "clients/cli/words.h"

#include <fmt/core.h>

#include <algorithm>
#include <map>
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

/// Units by the code that files name them by.
using UnitsByCode = std::map<std::string, events::UnitId>;

UnitsByCode open_units(const projections::Units& units) {
  UnitsByCode by_code;
  for (const projections::Unit& unit : units.all()) {
    if (unit.closed_from || unit.latest().official_code.empty()) continue;
    by_code.insert_or_assign(unit.latest().official_code, unit.id);
  }
  return by_code;
}

/// The request for one line, or why there is none.
Result<RecordRequest> unit_request(Session& session, const UnitLine& line, const std::string& basis,
                                   const UnitsByCode& by_code) {
  if (by_code.contains(line.code)) return usage_error("mã này đã có đơn vị đang mở");
  events::UnitCreated created;
  if (!line.parent_code.empty()) {
    const auto parent = by_code.find(line.parent_code);
    if (parent == by_code.end()) {
      return usage_error(fmt::format("không có đơn vị cấp trên mã {}", line.parent_code));
    }
    created.parent = parent->second;
  }
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

  UnitsByCode by_code = open_units(workspace.pending().units());
  std::vector<RecordRequest> requests;
  std::size_t recorded = 0;
  const auto record_step = [&]() -> Result<void> {
    const Result<RecordedTogether> done = workspace.record_together(requests, machine::now());
    if (!done) return done.error();
    if (done->refused) {
      return usage_error("Người này không được nhập đơn vị; hãy kiểm tra vai trò (lệnh grants).");
    }
    recorded += requests.size();
    requests.clear();
    return {};
  };
  for (const UnitLine& line : file->lines) {
    Result<RecordRequest> request = unit_request(session, line, *basis, by_code);
    if (!request) {
      file->bad.push_back({line.number, request.error().message});
      continue;
    }
    by_code.insert_or_assign(line.code, events::UnitId{workspace.next_id(requests.size())});
    requests.push_back(std::move(*request));
    if (requests.size() < units_per_step) continue;
    if (Result<void> done = record_step(); !done) return done.error();
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
      bad.push_back(json::object{{"line", line.number}, {"why", line.why}});
    }
    print_json(session.out(), answer);
  } else {
    for (const BadLine& line : file->bad) {
      print(session.out(), "{}:{}: {}\n", options.file, line.number, line.why);
    }
    print(session.out(), "Đã ghi {} đơn vị, bỏ qua {} dòng. {}\n", recorded, file->bad.size(),
          recorded == 0 ? "" : "Chỉ có trên thiết bị này — chờ đồng bộ.");
  }
  return file->bad.empty() ? exit_ok : exit_refused;
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
  const Result<events::Day> day =
      options.valid_from.empty() ? session.business_day() : parse_business_day(options.valid_from);
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
      "  khuyenhoc --home admin unit-import don-vi.csv --basis \"Nghị quyết 1661/NQ-UBTVQH15\"\n"
      "  Dòng đầu: code,name,kind,parent_code,area,valid_from\n"
      "  03334,Phường Mường Thanh,ward,11,urban,2025-07-01\n"
      "  -bnt,Bản Nà Tấu,hamlet,03316,rural,2025-07-01   (mã bắt đầu bằng -: chỉ dùng trong tệp)",
      [](CommandOptions& command, ImportOptions& options) {
        command.add_option("file", options.file, "Tệp CSV").required();
        command.add_option("--basis", options.basis, "Văn bản thành lập, như trên giấy");
      },
      run_import);
  add_command<OrganisationOptions>(
      line, "organisation", "Nhập một tổ chức Hội, ủy ban, chi hội, ban",
      "  khuyenhoc --home admin organisation --kind association --unit 03316 "
      "--name \"Hội Khuyến học xã Nà Tấu\"",
      [](CommandOptions& command, OrganisationOptions& options) {
        command.add_option("--kind", options.kind, words_of<events::OrganisationKind>()).required();
        command.add_option("--unit", options.unit, "Đơn vị: mã, mã số hoặc tên").required();
        command.add_option("--name", options.name, "Tên").required();
        command.add_option("--from", options.valid_from, "Từ ngày");
      },
      run_organisation);
}

}  // namespace clients
