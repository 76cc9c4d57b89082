"""What a reader takes home: report, workbooks, tables and data files, each made of a dashboard and of nothing else."""
