// The documents beside this file, as texts in the program.
#pragma once

namespace keytide::lab::aws_managed {

extern const char* const AdministratorAccess;
extern const char* const AmazonS3FullAccess;
extern const char* const AmazonS3ReadOnlyAccess;
extern const char* const IAMFullAccess;
extern const char* const IAMReadOnlyAccess;
extern const char* const IAMUserChangePassword;
extern const char* const ReadOnlyAccess;
extern const char* const SecurityAudit;

}  // namespace keytide::lab::aws_managed
