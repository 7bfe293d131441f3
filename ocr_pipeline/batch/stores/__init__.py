"""Batches whose files lie in a store that fsspec knows: S3, GCS, Azure, SFTP, WebDAV and others."""
