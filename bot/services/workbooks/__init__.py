"""Workbooks that go out to a coordinator and come back: the only readers of files from Excel."""
