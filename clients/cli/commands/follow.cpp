#include "clients/cli/commands.h"
#include "clients/cli/output/connection_news.h"
#include "clients/cli/output/words.h"
#include "clients/device/interrupt_guard.h"
#include "platform/clock.h"
#include "projections/texts/texts.h"

#include <chrono>
#include <string>

// The command for associations that watch: follow.

namespace clients {

using events::Result;
namespace json = boost::json;
namespace protocol = events::protocol;

namespace {

struct FollowOptions {
  std::string what = "totals";
  std::string unit;
  std::string server;
  std::uint32_t every = 30;
  std::uint64_t count = 0;
  bool insecure_plain = false;
};

std::string unit_name(const projections::State& state, events::UnitId unit) {
  if (state.units().find(unit) == nullptr) return to_string(unit);
  return state.units().on(events::day_in_vietnam(platform::now())).name_of(unit);
}

std::string cycle_label(const projections::State& state, events::CycleId cycle) {
  const projections::Cycle* const known = state.rulebook().find(cycle);
  return known == nullptr ? to_string(cycle) : known->content.label;
}

Listing list_totals(const projections::State& state, const SummaryReader& reader) {
  Listing listing;
  listing.columns = {{"unit", "Địa bàn"},        {"title", "Danh hiệu"},
                     {"cycle", "Đợt xét"},       {"group", "Nhóm đối tượng"},
                     {"registered", "Đăng ký"},  {"self_assessed", "Tự đánh giá"},
                     {"appraised", "Thẩm định"}, {"recognized", "Đạt"}};
  for (const auto& [cell, row] : reader.totals()) {
    listing.rows.push_back({json::value(unit_name(state, row.commune)),
                            named_cell(word_of(row.title), name_vi(row.title)),
                            json::value(cycle_label(state, row.cycle)),
                            named_cell(word_of(row.group), name_vi(row.group)), row.registered,
                            row.self_assessed, row.appraised, row.recognized});
  }
  return listing;
}

Listing list_dossier_statuses(const projections::State& state, const SummaryReader& reader,
                              events::Position after) {
  Listing listing;
  listing.columns = {{"dossier", "Hồ sơ"},
                     {"unit", "Địa bàn"},
                     {"cycle", "Đợt xét"},
                     {"state", "Trạng thái"},
                     {"changed_at", "Vị trí"}};
  for (const auto& [dossier, row] : reader.dossier_statuses()) {
    if (row.changed_at <= after) continue;
    listing.rows.push_back(
        {json::value(to_string(dossier)), json::value(unit_name(state, row.commune)),
         json::value(cycle_label(state, row.cycle)),
         named_cell(word_of(row.state), name_vi(row.state)), row.changed_at.value});
  }
  return listing;
}

Result<int> run_follow(Session& session, const FollowOptions& options) {
  const Result<Device*> device = session.device();
  if (!device) return device.error();
  SummaryReader::Wish wish;
  wish.interval_seconds = options.every;
  const bool totals = options.what == "totals";
  if (!totals && options.what != "standings") {
    return events::Error{events::ErrorCode::invalid_argument,
                         "Hãy chọn totals (số liệu) hoặc standings (trạng thái từng hồ sơ)."};
  }
  if (!totals) wish.mode = protocol::SummaryMode::dossier_statuses;
  if (!options.unit.empty()) {
    const Result<events::UnitId> unit = session.unit(options.unit);
    if (!unit) return unit.error();
    wish.unit = *unit;
  }
  const projections::State& state = (*device)->workspace().confirmed();
  SummaryReader reader((*device)->replica(), wish);
  events::Position shown;
  std::uint64_t screens = 0;
  const auto show = [&] {
    if (!reader.is_caught_up()) return;  // More of the same is on its way.
    const Listing listing =
        totals ? list_totals(state, reader) : list_dossier_statuses(state, reader, shown);
    shown = reader.upto();
    ++screens;
    if (session.options().json) {
      json::object screen;
      screen["position"] = shown.value;
      screen[options.what] = clients::json_of(listing);
      print_json(session.out(), screen);
    } else {
      print(session.out(), "Theo sổ đến vị trí {}:\n", shown.value);
      print_table(session.out(), listing);
    }
    session.out() << std::flush;
  };
  const InterruptGuard guard;
  ConnectionNews news(session.err());
  SyncOptions staying;
  staying.insecure_plain = options.insecure_plain;
  staying.keep_going = [&] {
    return !InterruptGuard::interrupted() && (options.count == 0 || screens < options.count);
  };
  staying.on_met = [&news] { news.met(); };
  staying.on_cut = [&news](const events::Error& why, std::chrono::milliseconds next_try) {
    news.cut(why, next_try);
  };
  const Result<void> followed = (*device)->follow(options.server, reader, staying, show);
  if (!followed) return followed.error();
  return exit_ok;
}

}  // namespace

void add_follow_command(CommandLine& line) {
  add_reading_command<FollowOptions>(
      line, "follow", "Theo dõi số liệu đang đổi, không cần nhận từng việc; Ctrl-C để dừng",
      "  khuyenhoc --home hoi-tinh follow totals --every 30\n"
      "  khuyenhoc --home hoi-tinh follow totals --unit 03316 --count 1 --json\n"
      "  khuyenhoc --home hoi-tinh follow standings",
      [](CommandOptions& command, FollowOptions& options) {
        command.add_option("what", options.what,
                           "totals: số liệu theo xã và nhóm; standings: trạng thái từng hồ sơ");
        command.add_option("--unit", options.unit, "Chỉ địa bàn này và các đơn vị bên dưới");
        command.add_option("--every", options.every, "Ít nhất ngần này giây giữa hai lần");
        command.add_option("--count", options.count, "Dừng sau ngần này lần");
        command.add_option("--server", options.server, "Địa chỉ khác với lúc ghi danh");
        command.add_flag("--insecure-plain", options.insecure_plain,
                         "Cho phép --server ws://… (không mã hóa), chỉ để thử trên chính máy chủ");
      },
      run_follow);
}

}  // namespace clients
