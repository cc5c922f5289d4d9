// How IAM writes its entities, and lists of anything, page by page.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "lab/iam/call.hpp"
#include "lab/xml.hpp"

namespace keytide::lab::iam {

// What lists tell of an entity, and what only a look at itself tells, too: its tags and its boundary.
enum class Detail { listed, whole };

void append_user(XmlWriter& xml, const User& user, Detail detail);
void append_group(XmlWriter& xml, const Group& group);
void append_role(XmlWriter& xml, const Role& role, Detail detail);
void append_managed_policy(XmlWriter& xml, const Account& account, const ManagedPolicy& policy,
                           Detail detail);
void append_boundary(XmlWriter& xml, const ManagedPolicy* boundary);  // nothing when there is none
void append_last_used(XmlWriter& xml, const Role& role);
void append_tags(XmlWriter& xml, const Tags& tags);  // <Tags>; nothing when there are none
void append_document(XmlWriter& xml, std::string_view name, std::string_view document);  // percent-encoded

// <Element><member>…</member></Element>, IsTruncated and Marker: the page that is asked for. `names` need not
// be in order; `append` writes inside member what a name stands for.
ActionResult paged(const Call& call, std::string_view element, std::vector<std::string> names,
                   const std::function<void(XmlWriter&, const std::string& name)>& append);

ActionResult paged_tags(const Call& call, const Tags& tags);

}  // namespace keytide::lab::iam
