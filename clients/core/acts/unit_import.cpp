#include "clients/core/acts/unit_import.h"

#include "clients/core/acts/units.h"
#include "projections/texts/texts.h"

namespace clients::acts {

using events::Error;
using events::ErrorCode;
using events::Result;

UnitImport::UnitImport(const projections::Units& units, std::string basis,
                       std::optional<events::Day> replaced_from)
    : basis_(std::move(basis)), replaced_from_(replaced_from) {
  for (const projections::Unit& unit : units.all()) {
    if (unit.closed_from) continue;
    const projections::UnitVersion& latest = unit.latest();
    const events::Day begins = unit.versions.front().valid_from;
    note(latest.official_code, {unit.id, unit.kind_on(latest.valid_from), begins}, latest.parent,
         latest.name);
  }
}

bool UnitImport::is_taken(const std::string& code, events::Day day) const {
  const auto known = by_code_.find(code);
  if (known == by_code_.end()) return false;
  const bool is_replaced =
      replaced_from_ && known->second.begins < *replaced_from_ && *replaced_from_ <= day;
  return !is_replaced;
}

void UnitImport::note(const std::string& code, const Known& unit, events::UnitId parent,
                      const std::string& name) {
  if (!code.empty()) by_code_.insert_or_assign(code, unit);
  names_.emplace(parent, name);
}

Result<events::UnitId> UnitImport::add(Draft& draft, const Occasion& occasion, const UnitLine& line,
                                       std::string_view& column) {
  bad_text_.reset();
  column = "code";
  if (is_taken(line.code, line.valid_from)) {
    return Error{ErrorCode::invalid_argument, "mã này đã có đơn vị đang mở"};
  }
  NewUnit unit;
  column = "parent_code";
  if (!line.parent_code.empty()) {
    const auto parent = by_code_.find(line.parent_code);
    if (parent == by_code_.end()) {
      return Error{ErrorCode::invalid_argument, "không có đơn vị cấp trên mã " + line.parent_code};
    }
    if (!projections::fits_below(line.kind, parent->second.kind)) {
      return Error{ErrorCode::invalid_argument,
                   "loại " + std::string(projections::name_vi(line.kind)) +
                       " không thể nằm dưới đơn vị mã " + line.parent_code + " (loại " +
                       std::string(projections::name_vi(parent->second.kind)) + ")"};
    }
    unit.parent = parent->second.id;
  }
  column = {};
  unit.kind = line.kind;
  unit.name = line.name;
  if (!line.code.starts_with('-')) unit.official_code = line.code;
  unit.area = line.area;
  unit.valid_from = line.valid_from;
  unit.basis = basis_;
  Draft alone(draft.state(), draft.next_id());
  const Result<events::UnitId> created = create_unit(alone, occasion, unit);
  if (!created) return created;
  bad_text_ = alone.first_bad_text();
  if (bad_text_) return events::error_of(*bad_text_);
  draft.append(alone);
  has_name_of_another_ = names_.contains({unit.parent, line.name});
  note(line.code, {*created, line.kind, line.valid_from}, unit.parent, line.name);
  return created;
}

}  // namespace clients::acts
