#include "clients/cli/dossier_choice.h"

#include <fmt/core.h>

#include <algorithm>

namespace clients {

using events::Result;

void declare_choice(CommandOptions& command, DossierChoice& choice) {
  command.add_option("dossiers", choice.named, "Mã các hồ sơ");
  command.add_flag("--all", choice.all, "Mọi hồ sơ đang ở đúng bước này");
  command.add_option("--cycle", choice.cycle, "Cùng --all: chỉ của đợt xét này");
  command.add_option("--in", choice.unit, "Cùng --all: chỉ của đơn vị này và cấp dưới");
}

Result<std::vector<events::DossierId>> choose_dossiers(
    Session& session, const DossierChoice& choice,
    const std::function<bool(const projections::Dossier&)>& ready) {
  const Result<Device*> device = session.device();
  if (!device) return device.error();
  std::vector<events::DossierId> chosen;
  for (const std::string& text : choice.named) {
    const Result<events::DossierId> dossier = session.dossier(text);
    if (!dossier) return dossier.error();
    chosen.push_back(*dossier);
  }
  if (choice.all) {
    events::CycleId cycle;
    events::UnitId unit;
    if (!choice.cycle.empty()) {
      const Result<events::CycleId> found = session.cycle(choice.cycle);
      if (!found) return found.error();
      cycle = *found;
    }
    if (!choice.unit.empty()) {
      const Result<events::UnitId> found = session.unit(choice.unit);
      if (!found) return found.error();
      unit = *found;
    }
    const projections::State& state = (*device)->workspace().pending();
    for (const projections::Dossier& dossier : state.dossiers().all()) {
      const bool wanted = (cycle.is_none() || dossier.cycle == cycle) &&
                          state.units().lies_in(dossier.home_unit, unit) && ready(dossier);
      if (wanted) chosen.push_back(dossier.id);
    }
  }
  std::ranges::sort(chosen);
  const auto twice = std::ranges::unique(chosen);
  chosen.erase(twice.begin(), twice.end());
  if (chosen.empty()) {
    return usage_error(choice.all ? "Không có hồ sơ nào đang ở bước này."
                                  : "Hãy cho mã hồ sơ, hoặc --all.");
  }
  if (chosen.size() > events::list_entries_max) {
    return usage_error(fmt::format("Một danh sách có nhiều nhất {} hồ sơ; hãy chia bằng --in.",
                                   events::list_entries_max));
  }
  return chosen;
}

events::StreamId stream_of(events::DossierId dossier) {
  return {events::StreamKind::dossier, dossier.event};
}

Result<std::optional<events::PrivateFields>> note_fields(const std::string& text) {
  if (text.empty()) return std::optional<events::PrivateFields>{};
  Result<std::string> typed = typed_text(text);
  if (!typed) return typed.error();
  return std::optional<events::PrivateFields>{events::NoteRecord{std::move(*typed)}};
}

}  // namespace clients
