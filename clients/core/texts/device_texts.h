#pragma once

#include "clients/core/log/head_store.h"
#include "clients/core/replica/sync_status.h"
#include "clients/core/replica/workspace.h"
#include "projections/texts/catalogue.h"

/// The part of the catalogue (projections/texts) about what only a device knows: how far its events
/// have come, how it stands with the log, and what the log did wrong.
namespace clients {

/// Inside a sentence: "máy chủ đã nhận".
const projections::EnumTexts& texts_of(EventStatus any);
/// One sentence, and what to do.
const projections::EnumTexts& texts_of(SyncStatus any);
/// What the log did, inside a sentence.
const projections::EnumTexts& texts_of(AlarmKind any);

}  // namespace clients
