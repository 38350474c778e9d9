#include "clients/cli/commands.h"
#include "clients/cli/output/report_text.h"
#include "clients/cli/output/sync_status_texts.h"
#include "clients/cli/output/terminal.h"
#include "clients/cli/output/words.h"
#include "platform/clock.h"
#include "projections/reports/reports.h"
#include "projections/texts/event_texts.h"
#include "projections/texts/texts.h"
#include "projections/views/inbox_rows.h"
#include "projections/views/totals.h"

#include <boost/json/parse.hpp>
#include <fmt/core.h>

#include <algorithm>
#include <utility>

// Commands that read: inbox, history, stats.

namespace clients {

using events::Position;
using events::Result;
namespace json = boost::json;

namespace {

// ---- inbox ----

/// Where a closed unit went, for the person who decides.
std::string successor_vi(events::UnitId successor, const projections::UnitsOnDay& units) {
  const std::string name = units.short_name_of(successor);
  return name.empty() ? name : fmt::format(" Đơn vị kế tiếp: {}.", name);
}

Result<int> run_inbox(Session& session, const NoOptions& /*options*/) {
  const Result<Device*> opened = session.device();
  if (!opened) return opened.error();
  Workspace& workspace = (*opened)->workspace();
  Listing listing;
  listing.columns = {{"position", "Vị trí"},   {"event", "Mã việc"},   {"type", "Việc"},
                     {"stream", "Về"},         {"actor", "Người làm"}, {"received_at", "Nhận lúc"},
                     {"verdict", "Vì sao chờ"}};
  const auto name_of = [&](const events::EventId& id) { return workspace.name_of(id); };
  const auto add = [&](const projections::InboxRow& row) {
    const std::string why =
        projections::explain(row.verdict) + successor_vi(row.successor, session.units_today());
    listing.rows.push_back(
        {row.is_official ? json::value(row.position.value) : json::value(nullptr),
         json_id(row.event),
         named_cell(events::event_name(row.type),
                    projections::name_vi(static_cast<events::EventType>(row.type))),
         json_id(row.stream.id), json::value(row.actor_name),
         row.is_official ? moment_cell(row.received_at)
                         : cell_without_word(name_vi(EventStatus::device_only)),
         object_cell(clients::json_of(row.verdict), why)});
  };
  projections::InboxPageRequest request;
  while (true) {
    const auto page = projections::inbox_rows(workspace.pending(), request,
                                              workspace.confirmed().applied(), name_of);
    for (const projections::InboxRow& row : page.rows) add(row);
    if (!page.next) break;
    request.after = *page.next;
  }
  return session.show(listing);
}

// ---- history ----

struct HistoryOptions {
  std::string dossier;
};

json::object line_json(const HistoryLine& line, Workspace& workspace) {
  const events::EventHeader& header = line.event.header;
  json::object row;
  row["id"] = json_id(header.id());
  row["type"] = events::event_name(header.type);
  row["position"] = line.progress.position.value == 0 ? json::value(nullptr)
                                                      : json::value(line.progress.position.value);
  row["standing"] = word_of(line.progress.status);
  row["verdict"] = clients::json_of(line.progress.verdict);
  row["actor"] = json_id(header.actor.event);
  row["actor_name"] = workspace.name_of(header.actor.event);
  row["role"] =
      line.role == events::Role{} ? json::value(nullptr) : json::value(word_of(line.role));
  row["grant"] = json_id(header.role_grant.event);
  row["device"] = line.device_label;
  row["business_day"] = events::to_iso(header.business_day);
  row["recorded_at"] = events::to_iso(header.recorded_at);
  row["received_at"] = line.received_at.value == 0 ? json::value(nullptr)
                                                   : json::value(events::to_iso(line.received_at));
  row["seen"] = header.seen.value;
  row["evidence_known"] = line.evidence_known;
  boost::system::error_code unreadable;
  row["payload"] = json::parse(events::payload_to_json(line.event.payload), unreadable);
  return row;
}

std::string_view role_of(const HistoryLine& line) {
  if (line.role != events::Role{}) return projections::name_vi(line.role);
  return line.event.header.chain == events::system_chain ? "máy chủ" : "chưa có vai trò";
}

Result<int> run_history(Session& session, const HistoryOptions& options) {
  const Result<events::DossierId> dossier = session.dossier(options.dossier);
  if (!dossier) return dossier.error();
  Workspace& workspace = (*session.device())->workspace();
  const Result<std::vector<HistoryLine>> lines = workspace.history(*dossier);
  if (!lines) return lines.error();
  if (session.options().json) {
    json::array rows;
    for (const HistoryLine& line : *lines) rows.push_back(line_json(line, workspace));
    print_json(session.out(), rows);
    return exit_ok;
  }
  std::ostream& out = session.out();
  const projections::Dossier* const row = workspace.pending().dossiers().find(*dossier);
  for (const HistoryLine& line : *lines) {
    const events::EventHeader& header = line.event.header;
    const std::string_view role = role_of(line);
    print(out, "{}  {}\n    {} ({}), thiết bị “{}”\n", to_string(header.id()),
          projections::name_vi(static_cast<events::EventType>(header.type)),
          workspace.name_of(header.actor.event), role, line.device_label);
    const std::string content =
        projections::content_vi(line.event.payload, row, workspace.pending().rulebook());
    if (!content.empty()) print(out, "    {}\n", content);
    print(out, "    Ngày trên giấy {} · ghi lúc {} · máy chủ nhận {}\n",
          day_vi(header.business_day), moment_vi(header.recorded_at),
          line.received_at.value == 0 ? "chưa" : moment_vi(line.received_at));
    print(out, "    {} — {} Khi ấy biết {} minh chứng, sổ tới vị trí {}.\n",
          name_vi(line.progress.status), projections::explain(line.progress.verdict),
          line.evidence_known, header.seen.value);
  }
  if (workspace.may_lack_history(*dossier)) {
    print(
        out,
        "Thiết bị bắt đầu từ bản tóm tắt ở vị trí {}: các việc trước đó do máy khác ghi nằm ở máy "
        "chủ. Muốn xem đủ, chạy: khuyenhoc sync --no-snapshot\n",
        (*session.device())->replica().base_position()->value);
  }
  return exit_ok;
}

// ---- stats ----

struct StatsOptions {
  std::uint64_t as_of_position = 0;
  std::string area, on;
  bool rebased = false;
  std::vector<std::string> cycles;
};

struct Counted {
  projections::TotalsFold fold;
  events::Timestamp received_at;  ///< Of the last event that was counted; 0 when there is none.
  projections::DecreeNames decrees;
};

/// The document of an event that ends units.
std::optional<std::string> decree_of(const events::Payload& payload) {
  if (const auto* const closed = std::get_if<events::UnitClosed>(&payload)) return closed->basis;
  if (const auto* const changed = std::get_if<events::UnitsChanged>(&payload)) {
    return changed->basis;
  }
  return std::nullopt;
}

/// The state at `upto`, and what was counted on the way there: the same events that the device's
/// own state is folded from, so that lists and figures agree.
/// Expects: `upto` is not below the position of the device's snapshot.
Result<Counted> count_to(const Replica& replica, Position upto) {
  projections::TotalsFold fold;
  if (replica.base_position()) {
    const Result<std::optional<SnapshotBase>> base = replica.store().base();
    if (!base) return base.error();
    Result<projections::Snapshot> snapshot = read_snapshot(base->value());
    if (!snapshot) return snapshot.error();
    fold = projections::TotalsFold(std::move(snapshot->state));
  }
  events::Timestamp received_at;
  projections::DecreeNames decrees;
  const auto visit = [&](const events::StoredEvent& stored, const events::ScopeSet& scope) {
    if (stored.position > upto) return;
    received_at = stored.received_at;
    const bool own = stored.event.header.chain == replica.identity().chain;
    if (own && !replica.pull().scope.includes(scope)) return;
    fold.take(stored, scope);
    if (auto name = decree_of(stored.event.payload); name && !name->empty()) {
      decrees.insert_or_assign(stored.position, std::move(*name));
    }
  };
  const Result<void> read = replica.replay(fold.state().applied(), upto, visit);
  if (!read) return read.error();
  fold.advance(upto);
  return Counted{std::move(fold), received_at, std::move(decrees)};
}

void print_reports(const Session& session, const std::vector<projections::Table>& reports) {
  if (session.options().json) {
    std::string all;
    for (const projections::Table& report : reports) {
      all += (all.empty() ? "{\"" : ",\"") + report.code + "\":" + projections::render_json(report);
    }
    session.out() << events::escape_json(all + "}\n");
    return;
  }
  for (const projections::Table& report : reports) {
    if (&report != &reports.front()) session.out() << '\n';
    for (const std::string& line : report_lines(report, output_columns())) {
      print(session.out(), "{}\n", line);
    }
  }
}

Result<int> run_stats(Session& session, const StatsOptions& options) {
  const Result<Device*> opened = session.device();
  if (!opened) return opened.error();
  Replica& replica = (*opened)->replica();
  Position upto = replica.pull().synced_upto;
  if (options.as_of_position > upto.value) return usage_error(not_reached_vi(upto));
  if (options.as_of_position != 0) upto = Position{options.as_of_position};
  const Position base = replica.base_position().value_or(Position{});
  if (upto < base) return usage_error(before_snapshot_vi(base));
  const Result<Counted> counted = count_to(replica, upto);
  if (!counted) return counted.error();
  const projections::State& state = counted->fold.state();

  projections::ReportRequest request;
  // A past position is reported with the day, the names and the units of its time.
  const bool past = options.as_of_position != 0 && counted->received_at.value != 0;
  request.as_of = events::day_in_vietnam(past ? counted->received_at : platform::now());
  if (!options.on.empty()) {
    const Result<events::Day> on = parse_business_day(options.on);
    if (!on) return on.error();
    request.as_of = *on;
  }
  request.rebased = options.rebased;
  if (!options.area.empty()) {
    const Result<events::UnitId> area = session.unit(options.area, request.as_of);
    if (!area) return area.error();
    request.area = *area;
  }
  for (const std::string& text : options.cycles) {
    const Result<events::CycleId> cycle = session.cycle(text);
    if (!cycle) return cycle.error();
    request.cycles.push_back(*cycle);
  }
  projections::ReportRequest citizens = request;
  projections::ReportRequest models = request;
  citizens.cycles.clear();
  models.cycles.clear();
  for (const projections::Cycle& cycle : state.rulebook().cycles()) {
    const bool asked = request.cycles.empty() ||
                       std::ranges::find(request.cycles, cycle.id) != request.cycles.end();
    if (!asked) continue;
    const bool citizen = cycle.content.title == events::TitleKind::learning_citizen;
    (citizen ? citizens : models).cycles.push_back(cycle.id);
  }
  std::vector<projections::Table> reports{report_b01(state, counted->fold.statistics(), citizens),
                                          report_b02(state, counted->fold.statistics(), models)};
  if (options.rebased) reports.push_back(report_b14(state, request, counted->decrees));
  print_reports(session, reports);
  return exit_ok;
}

}  // namespace

void add_status_commands(CommandLine& line) {
  add_device_status_command(line);
  add_follow_command(line);
  add_reading_command<NoOptions>(line, "inbox", "Những việc đang chờ người xử lý, và vì sao",
                                 "  khuyenhoc --home H inbox", declare_nothing, run_inbox);
  add_reading_command<HistoryOptions>(
      line, "history", "Toàn bộ quá trình của một hồ sơ", "  khuyenhoc --home H history 7.12",
      [](CommandOptions& command, HistoryOptions& options) {
        command.add_option("dossier", options.dossier, "Mã hồ sơ").required();
      },
      run_history);
  add_reading_command<StatsOptions>(
      line, "stats", "Biểu B01 và B02",
      "  khuyenhoc --home H stats\n"
      "  khuyenhoc --home H stats --on 30/06/2025\n"
      "  khuyenhoc --home H stats --on 01/07/2025 --rebased\n"
      "  khuyenhoc --home H stats --area \"Xã Nà Tấu\" --as-of-position 500 --json",
      [](CommandOptions& command, StatsOptions& options) {
        command.add_option("--as-of-position", options.as_of_position,
                           "Số liệu như đã biết ở vị trí này của sổ");
        command.add_option("--area", options.area, "Đơn vị (mặc định: toàn bộ)");
        command.add_option("--cycle", options.cycles, "Đợt xét (mặc định: tất cả)");
        command.add_option("--on", options.on,
                           "Địa giới và tên đơn vị trong ngày này (mặc định: hôm nay, hay ngày của "
                           "vị trí)");
        command.add_flag("--rebased", options.rebased,
                         "Tính hồ sơ theo nơi ở trong ngày ấy, không theo nơi đăng ký; thêm biểu "
                         "B14");
      },
      run_stats);
}

}  // namespace clients
