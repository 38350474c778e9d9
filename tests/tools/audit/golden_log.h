#pragma once

#include "events/base/ids.h"
#include "events/log/block.h"
#include "projections/views/all_projections.h"
#include "tests/support/world.h"

#include <string>
#include <vector>

namespace audit {

/// A log as it may come to be under these rules and those before: each kind of event, each verdict,
/// holds of many reasons and what becomes of them; of later rules, their adoption in the middle.
/// The same call gives the same log as long as the rules stay what they are, which is the point.
test_support::World a_rich_life(events::RulesVersion rules);

/// State and views at the end of a log export.
struct FoldedExport {
  projections::State state;
  projections::Views views;
  std::vector<events::StoredEvent> events;
};
/// Expects: the export is whole.
FoldedExport fold_export(events::ByteView exported);

/// What the projections say, in lines that stay the same however they are written as bytes.
std::string meaning_of(FoldedExport& folded);
/// "dossiers 3 <SHA-256>", a line for each projection: name, revision, digest of its bytes.
std::string digests_of(FoldedExport& folded);

}  // namespace audit
